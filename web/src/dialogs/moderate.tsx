/** Kicks, mutes or bans somebody: where, for how long and why, and what it does in words. */

import { useState } from 'react';
import type { RoomId } from '../../../src/core/ids.ts';
import { REASON_LENGTH_MAX } from '../../../src/core/text.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { Fault } from '../design/fault.tsx';
import { Choice, LongField } from '../design/field-parts.tsx';
import { SANCTIONS } from '../panels/durations.ts';
import { useChat, useUi, useView } from '../state/hooks.ts';
import type { Dialog as DialogState } from '../state/ui.ts';
import { closeDialog, useConfirming } from './confirming.ts';
import styles from './form.module.css';

type About = Extract<DialogState, { kind: 'moderate' }>;

const TITLES: Readonly<Record<About['act'], string>> = { kick: 'Kick', mute: 'Mute', ban: 'Ban' };
const DONE: Readonly<Record<About['act'], string>> = { kick: 'is out of the room', mute: 'is muted', ban: 'is banned' };
const HOUR_S = 3600;

const WORDS: Readonly<Record<About['act'], string>> = {
  kick: 'It takes them out of the room. Into a public one they can come back at once; into a private one when they are invited again.',
  mute: 'They go on reading and can say nothing.',
  ban: 'They are out and do not come in. What they wrote that was not known here yet stays hidden, as long as the ban holds.',
};

export default function Moderate() {
  const about = useUi((ui) => (ui.dialog?.kind === 'moderate' ? ui.dialog : null));
  return about && <Form about={about} />;
}

function Form({ about: { act, room, person } }: { readonly about: About }) {
  const chat = useChat();
  const name = useView((view) => view.people.get(person)?.name ?? 'them');
  const roomName = useView((view) => view.rooms.get(room)?.room.name ?? 'the room');
  const myRole = useView((view) => (view.me && view.people.get(view.me.author)?.role) ?? null);
  const [isEverywhere, setEverywhere] = useState(false);
  const [forSeconds, setFor] = useState(HOUR_S);
  const [reason, setReason] = useState('');
  const { isBusy, fault, onSubmit } = useConfirming();
  const mayEverywhere = act !== 'kick' && (myRole === 'owner' || myRole === 'moderator');
  const apply = (): Promise<void> => {
    const why = reason.replace(/\s+/g, ' ').trim();
    const place: RoomId | '' = isEverywhere ? '' : room;
    return act === 'kick' ? chat.kick(room, person, why) : chat[act](place, person, forSeconds, why);
  };
  return (
    <Dialog title={`${TITLES[act]} ${name}`}>
      <form className={styles['form']} onSubmit={onSubmit(apply, `${name} ${DONE[act]}.`)}>
        <p className={styles['words']}>{WORDS[act]}</p>
        {mayEverywhere && (
          <Choice label="Where" value={isEverywhere ? 'all' : 'room'} onChange={(event) => setEverywhere(event.target.value === 'all')}>
            <option value="room">In {roomName}</option>
            <option value="all">In the whole network</option>
          </Choice>
        )}
        {act !== 'kick' && (
          <Choice label="For how long" value={forSeconds} onChange={(event) => setFor(Number(event.target.value))}>
            {SANCTIONS.map(({ seconds, words }) => (
              <option key={seconds} value={seconds}>
                {words}
              </option>
            ))}
          </Choice>
        )}
        <LongField
          label="Reason"
          value={reason}
          rows={2}
          maxLength={REASON_LENGTH_MAX}
          autoFocus
          hint={`${name} is told it, and it stands in the moderation log.`}
          onChange={(event) => setReason(event.target.value)}
        />
        <Fault words={fault} />
        <div className={styles['buttons']}>
          <Button onClick={closeDialog}>Do not</Button>
          <Button look="bad" type="submit" disabled={isBusy}>
            {TITLES[act]}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
