/** The network: its nodes, as the one that serves this page sees them. */

import { useView } from '../state/hooks.ts';
import styles from './network.module.css';
import { Page } from './page.tsx';

const STATES = { self: 'serves you', up: 'linked', suspect: 'silent', down: 'out of reach' } as const;

export default function NetworkPage() {
  const nodes = useView((view) => view.nodes);
  const network = useView((view) => view.network);
  return (
    <Page title={`Network ${network}`}>
      <section aria-labelledby="nodes">
        <h2 id="nodes">Nodes</h2>
        <ul className={styles['nodes']}>
          {nodes.map(({ id, name, state, rttMs }) => (
            <li key={id} className={styles[state]}>
              <b>{name}</b>
              <span>
                {STATES[state]}
                {rttMs !== null && `, ${rttMs} ms`}
              </span>
            </li>
          ))}
        </ul>
      </section>
    </Page>
  );
}
