/** Into a room: one of the directory, or one by its name, which is made where it is not there yet. */

import { type FormEvent, useEffect, useState } from 'react';
import type { WireRoom } from 'skein/client';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';
import { Icon } from '../design/icon.tsx';
import { complain, dispatch, useChat } from '../state/hooks.ts';
import { roomHash } from '../state/route.ts';
import styles from './join-room.module.css';

function useDirectory(): readonly WireRoom[] | null {
  const chat = useChat();
  const [rooms, setRooms] = useState<readonly WireRoom[] | null>(null);
  useEffect(() => {
    chat
      .directory()
      .then((told) => setRooms(told.rooms))
      .catch(complain);
  }, [chat]);
  return rooms;
}

export default function JoinRoom() {
  const chat = useChat();
  const rooms = useDirectory();
  const [name, setName] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const sought = name.replace(/^#/, '').toLowerCase();
  const shown = rooms?.filter((room) => room.name.toLowerCase().includes(sought)) ?? [];

  const join = async (room: string): Promise<void> => {
    try {
      const { id } = await chat.join(room);
      dispatch({ type: 'dialog', dialog: null });
      location.hash = roomHash(id);
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void join(name.startsWith('#') ? name : `#${name}`);
  };

  return (
    <Dialog title="Join or make a room">
      <div className={styles['body']}>
        <form onSubmit={submit} className={styles['form']}>
          <Field
            label="Name"
            value={name}
            onChange={(event) => setName(event.target.value)}
            fault={fault}
            maxLength={64}
            placeholder="#room"
            required
          />
          <Button look="main" type="submit">
            Join
          </Button>
        </form>
        <ul className={styles['rooms']} aria-label="Rooms of this network" aria-busy={rooms === null}>
          {shown.map((room) => (
            <li key={room.id}>
              <button type="button" onClick={() => void join(room.id)}>
                <Icon name="hash" size={16} />
                <span className={styles['about']}>
                  <bdi>{room.name.replace(/^#/, '')}</bdi>
                  <span dir="auto">{room.topic || room.description}</span>
                </span>
                <span className={styles['people']}>{room.members} people</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
