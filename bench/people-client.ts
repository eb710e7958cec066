/**
 * Somebody who means ill, as a process of its own: `people-client.ts JSON`. `flood` says as much in a room as its connection takes, until stdin ends; `guess` tries so many wrong
 * passwords by SASL and goes on until stdin ends, over so many connections at once. Prints one JSON object.
 */

import { connect, type Socket } from 'node:net';

interface Job {
  readonly does: 'flood' | 'guess';
  readonly port: number;
  /** Of this machine: where it comes from. */
  readonly from: string;
  readonly name: string;
  readonly password: string;
  readonly tries: number;
  readonly connections: number;
}

const job = JSON.parse(process.argv[2]!) as Job;
const { port, from, name, password } = job;
const BLOCK_LINES = 100;
const BLOCK = 'PRIVMSG #flood :as fast as it can\r\n'.repeat(BLOCK_LINES);
/** Lines that are under way at once. */
const WINDOW = 2000;
const plain = (word: string): string => `AUTHENTICATE ${Buffer.from(`\0${name}\0${word}`).toString('base64')}\r\n`;

/** Connects, and gives each line to `take`. */
function begin(hello: string, take: (line: string, socket: Socket) => void): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.setEncoding('latin1');
  socket.on('error', () => undefined);
  socket.write(hello);
  let rest = '';
  socket.on('data', (data) => {
    const lines = (rest + String(data)).split('\r\n');
    rest = lines.pop()!;
    for (const line of lines) take(line, socket);
  });
  return socket;
}

/** Whoever does not read what they are answered is cut off, so this one keeps so much under way as it can read. */
async function flood(): Promise<object> {
  const said = { sent: 0, refused: 0, echoed: 0, words: '', cut: '' };
  let isOver = false;
  const pour = (socket: Socket): void => {
    while (!isOver && said.sent - said.refused - said.echoed < WINDOW) {
      said.sent += BLOCK_LINES;
      socket.write(BLOCK);
    }
  };
  const socket = begin(
    `CAP REQ :sasl echo-message standard-replies\r\nNICK ${name}\r\nUSER f 0 * :f\r\nAUTHENTICATE PLAIN\r\n`,
    (line, one) => {
      if (/ AUTHENTICATE :?\+$/.test(line)) return void one.write(plain(password));
      if (line.includes(' 903 ')) return void one.write('CAP END\r\nJOIN #flood\r\n');
      if (line.includes(' RATE_LIMITED ')) {
        said.refused++;
        said.words ||= line;
      } else if (line.includes(' PRIVMSG #flood')) said.echoed++;
      else if (line.startsWith('ERROR')) said.cut = line;
      else if (!line.includes(' 366 ')) return;
      pour(one);
    },
  );
  await stdinEnds();
  isOver = true;
  socket.destroy();
  return said;
}

async function stdinEnds(): Promise<void> {
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.once('end', resolve));
}

async function guess(): Promise<object> {
  let left = job.tries;
  let isOver = false;
  void stdinEnds().then(() => {
    isOver = true;
  });
  let wrong = 0;
  let waits = 0;
  const begunMs = performance.now();
  const one = (no: number): Promise<void> =>
    new Promise((resolve) => {
      const next = (socket: Socket): void => {
        if (left-- > 0 || !isOver) socket.write('AUTHENTICATE PLAIN\r\n');
        else socket.end(() => resolve());
      };
      begin(`CAP REQ :sasl\r\nNICK g${no}\r\n`, (line, socket) => {
        if (line.includes(' ACK ')) return next(socket);
        if (/ AUTHENTICATE :?\+$/.test(line)) return void socket.write(plain(`wrong-guess-number-${left}`));
        if (!line.includes(' 904 ')) return;
        if (line.includes('try again')) waits++;
        else wrong++;
        next(socket);
      }).once('close', () => resolve());
    });
  await Promise.all(Array.from({ length: job.connections }, (_, i) => one(i)));
  return { wrong, waits, ms: Math.round(performance.now() - begunMs) };
}

console.log(JSON.stringify(await (job.does === 'flood' ? flood() : guess())));
process.exit(0);
