/** A block of code. Its colours come later, when what makes them is loaded; nothing moves with that, as they change no widths. */

import { type ReactNode, useEffect, useState } from 'react';
import type { Piece } from './highlight.ts';

/** Longer than this, in letters, code stays without colours. */
const LENGTH_MAX = 8000;

export function Code({ text, language }: { readonly text: string; readonly language: string }) {
  const [pieces, setPieces] = useState<readonly Piece[] | null>(null);
  useEffect(() => {
    if (language === '' || text.length > LENGTH_MAX) return;
    let isGone = false;
    import('./highlight.ts')
      .then(({ highlight }) => highlight(text, language))
      .then((made) => !isGone && setPieces(made))
      .catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [text, language]);
  return (
    <pre tabIndex={0}>
      <code dir="ltr">{pieces ? coloured(pieces) : text}</code>
    </pre>
  );
}

function coloured(pieces: readonly Piece[]): ReactNode {
  return pieces.map((piece, i) =>
    typeof piece === 'string' ? (
      piece
    ) : (
      <span key={i.toString()} data-scope={piece.scope}>
        {coloured(piece.pieces)}
      </span>
    ),
  );
}
