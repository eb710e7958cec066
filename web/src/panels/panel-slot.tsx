/** The place beside the timeline. Each panel is a file of its own, loaded when it is opened first. */

import { type ComponentType, lazy, Suspense, useEffect, useRef } from 'react';
import type { RoomId } from '../../../src/core/ids.ts';
import { IconButton } from '../design/button.tsx';
import { dispatch } from '../state/hooks.ts';
import type { Panel } from '../state/ui.ts';
import styles from './panel-slot.module.css';

export interface PanelProps {
  readonly room: RoomId;
  readonly panel: Panel;
}

const PANELS: Readonly<Record<string, ComponentType<PanelProps>>> = {
  members: lazy(() => import('./members.tsx')),
  search: lazy(() => import('./search.tsx')),
  pins: lazy(() => import('./pins.tsx')),
  room: lazy(() => import('./room.tsx')),
  person: lazy(() => import('./person.tsx')),
};

const TITLES: Readonly<Record<Panel['kind'], string>> = {
  members: 'People',
  search: 'Search',
  pins: 'Pinned',
  room: 'This room',
  thread: 'Thread',
  person: 'Person',
};

export function PanelSlot({ room, panel }: PanelProps) {
  const box = useRef<HTMLElement>(null);
  const One = PANELS[panel.kind];
  useEffect(() => {
    if (panel.kind) box.current?.focus({ preventScroll: true });
  }, [panel.kind]);
  return (
    <aside
      ref={box}
      className={styles['panel']}
      data-part="panel"
      aria-label={TITLES[panel.kind]}
      tabIndex={-1}
      onKeyDown={(event) => event.key === 'Escape' && dispatch({ type: 'panel', panel: null })}
    >
      <header className={styles['head']}>
        <h2>{TITLES[panel.kind]}</h2>
        <IconButton icon="close" label="Close" onClick={() => dispatch({ type: 'panel', panel: null })} />
      </header>
      <div className={styles['body']}>
        <Suspense fallback={<p aria-busy="true" />}>{One && <One room={room} panel={panel} />}</Suspense>
      </div>
    </aside>
  );
}
