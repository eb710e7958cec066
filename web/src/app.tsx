/** Which of the app's faces shows: somebody's chat and its pages, or how to come in. */

import { CSPProvider } from '@base-ui/react/csp-provider';
import { useEffect, useState } from 'react';
import { Button } from './design/button.tsx';
import { NoticeLine } from './design/notice.tsx';
import { Door } from './sign-in/door.tsx';
import { SetupPage } from './sign-in/setup.tsx';
import { SignIn } from './sign-in/sign-in.tsx';
import { ChatContext, dispatch, useRoute, useSession } from './state/hooks.ts';
import { type Route, shown } from './state/route.ts';
import { resume, type Session } from './state/session.ts';
import { Workspace } from './workspace.tsx';

/** Links with secrets are read once: the address forgets them, the page does not. */
function useLink(route: Route): Extract<Route, { page: 'setup' | 'invite' }> | null {
  const [link, setLink] = useState(route.page === 'setup' || route.page === 'invite' ? route : null);
  useEffect(() => {
    const instead = shown(route);
    if (instead === null) return;
    setLink(route as Extract<Route, { page: 'setup' | 'invite' }>);
    history.replaceState(null, '', instead);
  }, [route]);
  return link;
}

export function App() {
  const session = useSession();
  const route = useRoute();
  const link = useLink(route);
  useEffect(() => {
    if (route.page) dispatch({ type: 'moved' });
  }, [route]);
  return (
    <CSPProvider disableStyleElements>
      {link?.page === 'setup' && session.state === 'nobody' ? (
        <SetupPage token={link.token} />
      ) : (
        <Face session={session} route={route} invitation={link?.page === 'invite' ? link.token : null} />
      )}
      <NoticeLine />
    </CSPProvider>
  );
}

function Face({ session, route, invitation }: { readonly session: Session; readonly route: Route; readonly invitation: string | null }) {
  switch (session.state) {
    case 'opening':
      return <Door busy />;
    case 'nobody':
      return <SignIn why={session.why} invitation={invitation} />;
    case 'elsewhere':
      return (
        <Door title="Skein is open in another tab">
          <p>One tab has your session at a time, so that nothing is sent or counted twice.</p>
          <Button look="main" onClick={() => void resume()}>
            Use it here
          </Button>
        </Door>
      );
    case 'chat':
      return (
        <ChatContext value={session.chat}>
          <Workspace route={route} />
        </ChatContext>
      );
  }
}
