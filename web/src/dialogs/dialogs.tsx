/** The dialog that is open, if one is. Each is a file of its own, loaded when it is opened first. */

import { type ComponentType, lazy, Suspense } from 'react';
import { useUi } from '../state/hooks.ts';
import type { Dialog } from '../state/ui.ts';

const DIALOGS: Readonly<Partial<Record<Dialog['kind'], ComponentType>>> = {
  join: lazy(() => import('./join-room.tsx')),
  make: lazy(() => import('./make-room.tsx')),
  direct: lazy(() => import('./direct.tsx')),
  invite: lazy(() => import('./invite.tsx')),
  leave: lazy(() => import('./leave.tsx')),
  report: lazy(() => import('./report.tsx')),
  moderate: lazy(() => import('./moderate.tsx')),
  keys: lazy(() => import('../palette/keys-sheet.tsx')),
  palette: lazy(() => import('../palette/palette.tsx')),
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
