/** Administration, for whoever owns or moderates the network: who is who in it. */

import { useView } from '../state/hooks.ts';
import { Page } from './page.tsx';

export default function AdminPage() {
  const me = useView((view) => view.me);
  const role = useView((view) => (view.me && view.people.get(view.me.author)?.role) ?? null);
  return (
    <Page title="Administration">
      <section>
        <p>
          {me?.name}, your role in the network: <b>{role ?? 'none'}</b>.
        </p>
        {role !== 'owner' && <p>What is here is for the owners of the network. Ask one of them.</p>}
      </section>
    </Page>
  );
}
