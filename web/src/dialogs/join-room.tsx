/** The rooms of the network: found by their names, topics and what they are for; one press goes in. One that is not there is made. */

import { type FormEvent, useMemo, useState } from 'react';
import type { WireRoom } from 'skein/client';
import { foldName, ROOM_LENGTH_MAX } from '../../../src/core/text.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';
import { Icon } from '../design/icon.tsx';
import { intoList, useRoving } from '../design/roving.ts';
import { dispatch, useChat } from '../state/hooks.ts';
import { roomHash } from '../state/route.ts';
import { useConfirming } from './confirming.ts';
import { useDirectory } from './directory.ts';
import styles from './join-room.module.css';

function fits({ name, topic, description }: WireRoom, sought: string): boolean {
  return [name, topic, description].some((text) => foldName(text).includes(sought));
}

export default function JoinRoom() {
  const chat = useChat();
  const { rooms, more } = useDirectory();
  const list = useRoving<HTMLUListElement>();
  const [name, setName] = useState('');
  const { isBusy, fault, run } = useConfirming();
  const sought = foldName(name.trim().replace(/^#/, ''));
  const shown = useMemo(() => rooms?.filter((room) => fits(room, sought)) ?? [], [rooms, sought]);
  const join = async (room: string): Promise<void> => {
    const { id } = await chat.join(room);
    location.hash = roomHash(id);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const typed = name.trim();
    run(() => join(typed.startsWith('#') ? typed : `#${typed}`), null);
  };
  const isNew = sought !== '' && rooms !== null && !more && !rooms.some((room) => foldName(room.name) === `#${sought}`);
  return (
    <Dialog title="Join or make a room">
      <div className={styles['body']}>
        <form onSubmit={submit} className={styles['form']} onKeyDown={(event) => intoList(event, list)}>
          <Field
            label="Name"
            value={name}
            onChange={(event) => setName(event.target.value)}
            fault={fault}
            hint={isNew ? `There is no #${sought} yet: whoever joins it makes it.` : 'A name, or a word of its topic.'}
            maxLength={ROOM_LENGTH_MAX}
            placeholder="#room"
            required
          />
          <Button look="main" type="submit" disabled={isBusy}>
            Join
          </Button>
        </form>
        <ul ref={list} className={styles['rooms']} aria-label="Rooms of this network" aria-busy={rooms === null}>
          {shown.map((room) => (
            <li key={room.id}>
              <RoomLine room={room} choose={() => run(() => join(room.id), null)} />
            </li>
          ))}
          {more && (
            <li>
              <Button onClick={more}>More rooms</Button>
            </li>
          )}
        </ul>
        <p className={styles['foot']}>
          <Button onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'make', name } })}>Make a room…</Button>
        </p>
      </div>
    </Dialog>
  );
}

function RoomLine({ room, choose }: { readonly room: WireRoom; readonly choose: () => void }) {
  const about = room.topic || room.description;
  return (
    <button type="button" data-rove onClick={choose}>
      <Icon name="hash" size={16} />
      <span className={styles['about']}>
        <bdi>{room.name.replace(/^#/, '')}</bdi>
        {about && <span dir="auto">{about}</span>}
      </span>
      <span className={styles['people']}>
        {room.joined ? 'joined, ' : ''}
        {room.members === 1 ? '1 person' : `${room.members} people`}
      </span>
    </button>
  );
}
