/** Who somebody is: account or guest, role, whether they are there and which node serves them; and what can be done with them. */

import type { AuthorId, RoomId } from '../../../src/core/ids.ts';
import { PRESENCE_WORDS, presenceOf } from '../chat/presence.ts';
import { Avatar } from '../design/avatar.tsx';
import { Button } from '../design/button.tsx';
import { complain, dispatch, useChat, useRoom, useView } from '../state/hooks.ts';
import { roomHash } from '../state/route.ts';
import styles from './panel.module.css';
import type { PanelProps } from './panel-slot.tsx';
import { PersonRoles } from './person-roles.tsx';
import { Sanctions } from './sanctions.tsx';

export default function Person({ room, panel }: PanelProps) {
  const author = (panel.kind === 'person' ? panel.author : '') as AuthorId;
  const person = useView((view) => view.people.get(author));
  const nodes = useView((view) => view.nodes);
  const isMe = useView((view) => view.me?.author === author);
  if (!person) return <p className={styles['quiet']}>Nothing is known here of who that is.</p>;
  const presence = presenceOf(person);
  const node = nodes.find(({ id }) => id === person.node);
  return (
    <>
      <div className={styles['section']}>
        <div className={styles['who']}>
          <Avatar author={author} name={person.name} size={48} presence={presence} />
          <h3>
            <bdi>{person.name}</bdi>
          </h3>
        </div>
        <dl className={styles['facts']}>
          <dt>Who</dt>
          <dd>{person.account ? 'An account' : 'A guest: the name is theirs while they are here'}</dd>
          {person.role && person.role !== 'member' && (
            <>
              <dt>In the network</dt>
              <dd>{person.role}</dd>
            </>
          )}
          <dt>Now</dt>
          <dd dir="auto">{person.away ? `away: ${person.away}` : PRESENCE_WORDS[presence]}</dd>
          {person.present && (
            <>
              <dt>Served by</dt>
              <dd>
                <bdi>{node?.name ?? 'a node that is not known here'}</bdi>
              </dd>
            </>
          )}
        </dl>
        {!isMe && <Everyday author={author} name={person.name} />}
      </div>
      {!isMe && <Moderation room={room} author={author} />}
    </>
  );
}

function Everyday({ author, name }: { readonly author: AuthorId; readonly name: string }) {
  const chat = useChat();
  const isBlocked = useView((view) => view.blocked.has(author));
  const hasAccount = useView((view) => view.me?.account === true);
  const open = async (): Promise<void> => {
    location.hash = roomHash(await chat.direct(author));
    dispatch({ type: 'panel', panel: null });
  };
  return (
    <>
      <div className={styles['buttons']}>
        <Button look="main" onClick={() => open().catch(complain)}>
          Message
        </Button>
        {hasAccount && (
          <Button onClick={() => chat.prefer({ person: author }, !isBlocked).catch(complain)}>{isBlocked ? 'Unblock' : 'Block'}</Button>
        )}
      </div>
      {isBlocked && <p className={styles['quiet']}>You blocked {name}: what they say does not show to you, at any node.</p>}
    </>
  );
}

function Moderation({ room, author }: { readonly room: RoomId; readonly author: AuthorId }) {
  const known = useRoom(room)?.room;
  if (!known || known.kind === 'direct' || known.power < 2) return null;
  const act = (kind: 'kick' | 'mute' | 'ban'): void =>
    dispatch({ type: 'dialog', dialog: { kind: 'moderate', act: kind, room, person: author } });
  return (
    <>
      <section className={styles['section']} aria-label="Moderation">
        <h3>Moderation</h3>
        <Sanctions room={room} author={author} />
        <div className={styles['buttons']}>
          <Button onClick={() => act('kick')}>Kick…</Button>
          <Button onClick={() => act('mute')}>Mute…</Button>
          <Button look="bad" onClick={() => act('ban')}>
            Ban…
          </Button>
        </div>
      </section>
      {known.power >= 3 && <PersonRoles room={known} author={author} />}
    </>
  );
}
