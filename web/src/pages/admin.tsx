/** Administration, for whoever owns or moderates the network: what was reported, what is in force, and what was done. */

import { Tabs } from '@base-ui/react/tabs';
import styles from '../admin/admin.module.css';
import { Log } from '../admin/log.tsx';
import { Reports } from '../admin/reports.tsx';
import { useView } from '../state/hooks.ts';
import { Page } from './page.tsx';

const PARTS = [
  { id: 'reports', title: 'Reports', Part: Reports },
  { id: 'log', title: 'In force, and log', Part: Log },
] as const;

export default function AdminPage() {
  const role = useView((view) => (view.me && view.people.get(view.me.author)?.role) ?? null);
  return (
    <Page title="Administration">
      {role === 'owner' || role === 'moderator' ? (
        <Tabs.Root defaultValue={PARTS[0].id}>
          <Tabs.List className={styles['tabs']} aria-label="Parts of the administration">
            {PARTS.map(({ id, title }) => (
              <Tabs.Tab key={id} value={id} className={styles['tab']}>
                {title}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {PARTS.map(({ id, Part }) => (
            <Tabs.Panel key={id} value={id} className={styles['panel']}>
              <Part />
            </Tabs.Panel>
          ))}
        </Tabs.Root>
      ) : (
        <p>What is here is for the owners and moderators of the network. Ask one of them.</p>
      )}
    </Page>
  );
}
