/** The frame of somebody's chat: the rooms at the side, a page in the middle, a panel beside it, and the line that says how it is connected. */

import { lazy, Suspense, useEffect } from 'react';
import { ChatPage } from './chat/chat-page.tsx';
import { ConnectionLine } from './chat/connection-line.tsx';
import { Sidebar } from './chat/sidebar.tsx';
import { SkipLinks } from './chat/skip-link.tsx';
import { Dialogs } from './dialogs/dialogs.tsx';
import { dispatch, useChat, useUi } from './state/hooks.ts';
import type { Route } from './state/route.ts';
import styles from './workspace.module.css';

const Around = lazy(() => import('./notify/around.tsx'));
const NetworkPage = lazy(() => import('./pages/network.tsx'));
const AdminPage = lazy(() => import('./pages/admin.tsx'));
const SettingsPage = lazy(() => import('./pages/settings.tsx'));

export function Workspace({ route }: { readonly route: Route }) {
  const hasDrawer = useUi((ui) => ui.hasDrawer);
  const chat = useChat();
  useEffect(() => {
    // The history of the network begins when the page does, not when somebody looks at it.
    import('./network/page-events.ts').then(({ pageEvents }) => pageEvents(chat)).catch(() => undefined);
  }, [chat]);
  return (
    <div className={styles['workspace']}>
      <SkipLinks />
      <div className={`${styles['side']} ${hasDrawer ? styles['open'] : ''}`}>
        <Sidebar route={route} />
      </div>
      {hasDrawer && (
        <button
          type="button"
          className={styles['veil']}
          aria-label="Close the rooms"
          onClick={() => dispatch({ type: 'drawer', on: false })}
        />
      )}
      <div className={styles['middle']}>
        <ConnectionLine />
        <Suspense fallback={<div className={styles['empty']} aria-busy="true" />}>
          <PageOf route={route} />
        </Suspense>
      </div>
      <Dialogs />
      <Suspense fallback={null}>
        <Around />
      </Suspense>
    </div>
  );
}

function PageOf({ route }: { readonly route: Route }) {
  switch (route.page) {
    case 'network':
      return <NetworkPage />;
    case 'admin':
      return <AdminPage />;
    case 'settings':
      return <SettingsPage />;
    default:
      return <ChatPage room={route.page === 'chat' ? route.room : null} message={route.page === 'chat' ? route.message : null} />;
  }
}
