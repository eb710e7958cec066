/** What owners of a room set, with what it does in words before it is done. */

import { type FormEvent, useState } from 'react';
import type { WireRoom } from '../../../src/api/protocol.ts';
import { ROOM_LENGTH_MAX, TOPIC_LENGTH_MAX } from '../../../src/core/text.ts';
import { Button } from '../design/button.tsx';
import { Field } from '../design/field.tsx';
import { Choice, LongField, Tick } from '../design/field-parts.tsx';
import { complain, dispatch, useChat } from '../state/hooks.ts';
import { KEEPINGS, keepingWords, PAUSES, withOwn } from './durations.ts';
import styles from './panel.module.css';

type Settings = Pick<WireRoom, 'description' | 'archived' | 'slowSeconds' | 'retentionSeconds' | 'name'>;

function settingsOf({ description, archived, slowSeconds, retentionSeconds, name }: WireRoom): Settings {
  return { description, archived, slowSeconds, retentionSeconds, name };
}

export function RoomSettings({ room }: { readonly room: WireRoom }) {
  const chat = useChat();
  const [settings, setSettings] = useState(() => settingsOf(room));
  const [isSure, setSure] = useState(false);
  const change = (part: Partial<Settings>): void => setSettings((now) => ({ ...now, ...part }));
  const erases = keepingWords(room.retentionSeconds, settings.retentionSeconds);
  const isShorter = settings.retentionSeconds > 0 && (room.retentionSeconds === 0 || settings.retentionSeconds < room.retentionSeconds);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // The name of a public room is its id.
    const name = room.kind === 'private' ? settings.name : '';
    chat
      .setRoom({ ...settings, room: room.id, name, description: settings.description.replace(/\s+/g, ' ').trim() })
      .then(() => {
        setSure(false);
        dispatch({ type: 'notice', kind: 'good', words: 'The room is set.' });
      })
      .catch(complain);
  };
  return (
    <form className={styles['section']} aria-label="Settings of the room" onSubmit={submit}>
      <h3>Settings of the room</h3>
      {room.kind === 'private' && (
        <Field
          label="Name of the room"
          value={settings.name}
          maxLength={ROOM_LENGTH_MAX}
          onChange={(event) => change({ name: event.target.value })}
        />
      )}
      <LongField
        label="What it is for"
        value={settings.description}
        maxLength={TOPIC_LENGTH_MAX}
        onChange={(event) => change({ description: event.target.value })}
      />
      <Choice
        label="Pause between two messages of one person"
        value={settings.slowSeconds}
        onChange={(event) => change({ slowSeconds: Number(event.target.value) })}
        hint="Who moderates the room does not wait."
      >
        {withOwn(PAUSES, room.slowSeconds).map(({ seconds, words }) => (
          <option key={seconds} value={seconds}>
            {words}
          </option>
        ))}
      </Choice>
      <Choice
        label="Messages are kept"
        value={settings.retentionSeconds}
        onChange={(event) => {
          setSure(false);
          change({ retentionSeconds: Number(event.target.value) });
        }}
        hint={erases ?? undefined}
      >
        {withOwn(KEEPINGS, room.retentionSeconds).map(({ seconds, words }) => (
          <option key={seconds} value={seconds}>
            {words}
          </option>
        ))}
      </Choice>
      {isShorter && <Tick label="Erase it, I am sure" checked={isSure} required onChange={(event) => setSure(event.target.checked)} />}
      <Tick
        label="Archived"
        hint="It is read, and nothing is added, until an owner takes this back."
        checked={settings.archived}
        onChange={(event) => change({ archived: event.target.checked })}
      />
      <div className={styles['buttons']}>
        <Button look="main" type="submit">
          Set the room
        </Button>
      </div>
    </form>
  );
}
