/**
 * Load on IRC doors with echoes counted, as a process of its own: `load-client.ts JSON`. Keeps `window` messages of each client in flight; prints one JSON object:
 * acknowledged messages a second, latencies, the longest gap between acknowledgements, and how many copies they named.
 */

import { connect, type Socket } from 'node:net';

interface Job {
  ports: number[];
  clients: number;
  window: number;
  seconds: number;
  warmup: number;
  bytes: number;
}

const job = JSON.parse(process.argv[2]!) as Job;
const latencies: number[] = [];
const copies: Record<string, number> = {};
let measuring = false;
let lastMs = 0;
let longestGap = 0;
const filler = 'x'.repeat(Math.max(0, job.bytes - 24));

class Client {
  readonly #no: number;
  readonly #port: number;
  #socket: Socket;
  #rest = '';
  readonly #sentMs: number[] = [];
  #seq = 0;

  constructor(no: number, port: number) {
    this.#no = no;
    this.#port = port;
    this.#socket = connect(this.#port, '127.0.0.1');
    this.#socket.setNoDelay(true);
    this.#socket.setEncoding('latin1');
    this.#socket.write(
      `CAP REQ :echo-message message-tags batch draft/chathistory\r\nNICK l${no}p${process.pid}\r\nUSER l 0 * :l\r\nCAP END\r\n`,
    );
    this.#socket.on('data', (data) => this.#data(String(data)));
    this.#socket.on('error', () => undefined);
  }

  #send(count: number): void {
    let out = '';
    for (let i = 0; i < count; i++) {
      this.#sentMs.push(performance.now());
      out += `PRIVMSG #l${this.#no} :${String(this.#seq++).padStart(8, '0')} ${filler}\r\n`;
    }
    this.#socket.write(out);
  }

  #data(data: string): void {
    const lines = (this.#rest + data).split('\r\n');
    this.#rest = lines.pop()!;
    let echoes = 0;
    for (const line of lines) {
      if (line.includes(' PRIVMSG #')) {
        echoes++;
        this.#echo(line);
      } else if (line.includes(' 001 ')) this.#socket.write(`JOIN #l${this.#no}\r\n`);
      else if (line.includes(' 366 ')) this.#send(job.window);
      else if (line.startsWith('PING')) this.#socket.write(`PONG ${line.slice(5)}\r\n`);
    }
    if (echoes > 0) this.#send(echoes);
  }

  #echo(line: string): void {
    const now = performance.now();
    const sent = this.#sentMs.shift()!;
    if (!measuring) return;
    latencies.push(now - sent);
    if (lastMs > 0) longestGap = Math.max(longestGap, now - lastMs);
    lastMs = now;
    const held = /skein\/copies=([^; ]+)/.exec(line)?.[1] ?? '?';
    copies[held] = (copies[held] ?? 0) + 1;
  }
}

for (let i = 0; i < job.clients; i++) new Client(i, job.ports[i % job.ports.length]!);
await new Promise((resolve) => setTimeout(resolve, job.warmup * 1000));
measuring = true;
const begun = performance.now();
process.on('message', () => undefined);
await new Promise((resolve) => setTimeout(resolve, job.seconds * 1000));
const seconds = (performance.now() - begun) / 1000;
latencies.sort((a, b) => a - b);
const quantile = (q: number): number =>
  Math.round((latencies[Math.min(latencies.length - 1, Math.floor(q * latencies.length))] ?? 0) * 100) / 100;
const result = {
  perSecond: Math.round(latencies.length / seconds),
  p50: quantile(0.5),
  p99: quantile(0.99),
  max: quantile(1),
  longestGapMs: Math.round(longestGap),
  copies,
};
console.log(JSON.stringify(result));
process.exit(0);
