/** About the room: its topic and what it is for, of what one is told, who may come in, its limits with what they do, and the way out. */

import type { WireRoom } from '../../../src/api/protocol.ts';
import { Button } from '../design/button.tsx';
import { Choice } from '../design/field-parts.tsx';
import { useRule } from '../notify/use-rule.ts';
import { dispatch, useRoom } from '../state/hooks.ts';
import type { Rule } from '../state/wishes.ts';
import { keepingWords, PAUSES, wordsOf } from './durations.ts';
import styles from './panel.module.css';
import type { PanelProps } from './panel-slot.tsx';
import { RoomSettings } from './room-settings.tsx';
import { Topic } from './topic.tsx';

const KINDS: Readonly<Record<WireRoom['kind'], string>> = {
  public: 'Public: anybody in this network finds it, reads it and comes in.',
  private: 'Private: who was invited reads it. Whoever runs a node of this network can read what their node keeps, this room too.',
  direct: 'Between the two of you. Whoever runs a node of this network can read what their node keeps, this too.',
};

export default function Room({ room: id }: PanelProps) {
  const room = useRoom(id)?.room;
  if (!room) return null;
  const isDirect = room.kind === 'direct';
  return (
    <>
      <section className={styles['section']} aria-label="About">
        <p className={styles['quiet']}>{KINDS[room.kind]}</p>
        {room.archived && <p className={styles['quiet']}>Archived: it is read, and nothing is added.</p>}
        {room.description && (
          <p className={styles['words']} dir="auto">
            {room.description}
          </p>
        )}
        <Limits room={room} />
      </section>
      <Hearing room={room} />
      {!isDirect && <Topic key={`${room.id} ${room.topic}`} room={room} />}
      {room.kind === 'private' && room.power >= 2 && (
        <section className={styles['section']} aria-label="People">
          <Button onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'invite', room: id } })}>Invite somebody</Button>
        </section>
      )}
      {!isDirect && room.power >= 3 && <RoomSettings key={`${room.id} settings`} room={room} />}
      {!isDirect && (
        <section className={styles['section']} aria-label="Leaving">
          <Button look="bad" onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'leave', room: id } })}>
            Leave {room.name}
          </Button>
        </section>
      )}
    </>
  );
}

function Limits({ room: { slowSeconds, retentionSeconds } }: { readonly room: WireRoom }) {
  if (slowSeconds === 0 && retentionSeconds === 0) return null;
  return (
    <ul className={styles['quiet']}>
      {slowSeconds > 0 && <li>Slow: everybody waits {wordsOf(PAUSES, slowSeconds)} between two messages.</li>}
      {retentionSeconds > 0 && <li>{keepingWords(retentionSeconds, retentionSeconds)}</li>}
    </ul>
  );
}

function Hearing({ room }: { readonly room: WireRoom }) {
  const [rule, setRule] = useRule(room);
  return (
    <section className={styles['section']} aria-label="What I am told of">
      <Choice
        label="Tell me of"
        value={rule}
        onChange={(event) => setRule(event.target.value as Rule)}
        hint={rule === 'none' ? 'Muted: nothing of it counts in what waits.' : undefined}
      >
        <option value="all">Every message</option>
        <option value="mentions">Messages that name me</option>
        <option value="none">Nothing</option>
      </Choice>
    </section>
  );
}
