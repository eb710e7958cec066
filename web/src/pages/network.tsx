/** The network, live: a map of its nodes and links, the same as a list, what is known of one of them, where one's own messages are, and what happened. */

import { useEffect, useMemo, useRef, useState } from 'react';
import type { NodeId } from '../../../src/core/ids.ts';
import { OwnCopies } from '../network/copies.tsx';
import { History } from '../network/history.tsx';
import { NetworkMap } from '../network/map.tsx';
import { NodeCard } from '../network/node-card.tsx';
import { NodeList } from '../network/node-list.tsx';
import { type Picture, picture as pictureOf, type Sight, sightOf } from '../network/picture.ts';
import { summary } from '../network/words.ts';
import { useChat, useView } from '../state/hooks.ts';
import styles from './network.module.css';
import { Page } from './page.tsx';

const FACES = { map: 'Map', list: 'List' } as const;
type Face = keyof typeof FACES;

/** While no node answers, the one that did last is silent, as far as this page can tell. */
function unanswered({ nodes, links }: Sight): Sight {
  return { nodes: nodes.map((node) => (node.state === 'self' ? { ...node, state: 'suspect' } : node)), links };
}

function usePicture(): Picture {
  const chat = useChat();
  const mesh = useView((view) => view.mesh);
  const nodes = useView((view) => view.nodes);
  const people = useView((view) => view.people);
  const me = useView((view) => view.me?.author ?? null);
  const isCut = useView((view) => view.connection.state === 'connecting');
  useEffect(() => chat.watchMesh(), [chat]);
  const before = useRef<Picture | null>(null);
  return useMemo(() => {
    const sight = mesh ?? sightOf(nodes);
    before.current = pictureOf(isCut ? unanswered(sight) : sight, people, me, before.current);
    return before.current;
  }, [mesh, nodes, people, me, isCut]);
}

export default function NetworkPage() {
  const network = useView((view) => view.network);
  const mesh = useView((view) => view.mesh);
  const picture = usePicture();
  const [face, setFace] = useState<Face>('map');
  const [chosen, setChosen] = useState<NodeId | null>(null);
  const said = summary(picture);
  const node = (chosen && picture.byId.get(chosen)) ?? (picture.self && picture.byId.get(picture.self));
  return (
    <Page title={`Network ${network}`}>
      <div className={styles['network']}>
        <div className={styles['main']}>
          <div className={styles['top']}>
            <div role="status" className={`${styles['summary']} ${styles[said.kind]}`}>
              <h2>{said.title}</h2>
              <p>{said.words}</p>
            </div>
            <fieldset className={styles['faces']}>
              <legend className="visually-hidden">How to show it</legend>
              {(Object.keys(FACES) as Face[]).map((one) => (
                <button key={one} type="button" aria-pressed={one === face} onClick={() => setFace(one)}>
                  {FACES[one]}
                </button>
              ))}
            </fieldset>
          </div>
          {face === 'map' ? (
            <NetworkMap picture={picture} chosen={chosen} onChoose={setChosen} />
          ) : (
            <NodeList picture={picture} chosen={chosen} onChoose={setChosen} />
          )}
        </div>
        <div className={styles['beside']}>
          {node && <NodeCard node={node} picture={picture} nowMs={mesh?.atMs ?? Date.now()} />}
          <OwnCopies picture={picture} />
          <History events={mesh?.events ?? []} picture={picture} />
        </div>
      </div>
    </Page>
  );
}
