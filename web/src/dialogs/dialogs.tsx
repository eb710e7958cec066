/** The dialog that is open, if one is. Each is a file of its own, loaded when it is opened first. */

import { type ComponentType, lazy, Suspense } from 'react';
import { useUi } from '../state/hooks.ts';
import type { Dialog } from '../state/ui.ts';

const DIALOGS: Readonly<Partial<Record<Dialog['kind'], ComponentType>>> = {
  join: lazy(() => import('./join-room.tsx')),
};

export function Dialogs() {
  const dialog = useUi((ui) => ui.dialog);
  const One = dialog && DIALOGS[dialog.kind];
  return One ? (
    <Suspense fallback={null}>
      <One />
    </Suspense>
  ) : null;
}
