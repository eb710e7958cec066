/** What stands beside the field: emoji, how it will look, send. */

import { lazy, Suspense, useRef, useState } from 'react';
import { IconButton } from '../design/button.tsx';

const EmojiPopup = lazy(() => import('./emoji-popup.tsx'));

export function EmojiButton({ onPick }: { readonly onPick: (sign: string) => void }) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <IconButton ref={button} icon="smile" label="Emoji" aria-haspopup="dialog" aria-expanded={isOpen} onClick={() => setOpen(true)} />
      {isOpen && (
        <Suspense fallback={null}>
          <EmojiPopup
            anchor={button.current!}
            label="Emoji"
            onClose={() => setOpen(false)}
            onPick={(sign) => {
              setOpen(false);
              onPick(sign);
            }}
          />
        </Suspense>
      )}
    </>
  );
}
