/**
 * Hosts on one Ethernet: network namespaces joined by a bridge in a namespace of its own, and to each host a second cable from this machine, as the way for
 * people and for nothing else. Needs root and iproute2. All is gone with the namespaces.
 */

import { execFileSync, spawnSync } from 'node:child_process';

/** Why there can be no namespaces here; false where there can. */
export function whyNoHosts(): string | false {
  if (process.platform !== 'linux') return 'needs Linux: makes network namespaces';
  if (process.getuid?.() !== 0) return 'needs root: makes network namespaces';
  const name = `skein-probe-${process.pid}`;
  if (spawnSync('ip', ['netns', 'add', name]).status !== 0) return 'needs `ip netns add` (iproute2 and CAP_SYS_ADMIN)';
  ip('netns', 'del', name);
  return false;
}

function ip(...args: string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}

export interface NetHost {
  /** Before a command, to run it there. */
  readonly wrap: readonly string[];
  /** On the Ethernet, for other hosts. */
  readonly address: string;
  /** On the cable from this machine. */
  readonly door: string;
  readonly unplug: () => void;
  readonly plugIn: () => void;
}

export class Ethernet {
  readonly #tag = (process.pid % 100_000).toString(36);
  readonly #bridge = `skein-${this.#tag}-br`;
  /** The second number of the addresses, so that runs at the same time have their own. */
  readonly #net = 64 + (process.pid % 128);
  readonly #spaces: string[] = [];

  constructor() {
    process.once('exit', () => this.remove());
    this.#space(this.#bridge);
    ip('-n', this.#bridge, 'link', 'add', 'br0', 'type', 'bridge');
    ip('-n', this.#bridge, 'link', 'set', 'br0', 'up');
  }

  #space(name: string): void {
    ip('netns', 'add', name);
    this.#spaces.push(name);
    ip('-n', name, 'link', 'set', 'lo', 'up');
  }

  /** One more host. */
  host(): NetHost {
    const no = this.#spaces.length;
    const name = `skein-${this.#tag}-${no}`;
    const port = `port${no}`;
    const cable = `sk${this.#tag}d${no}`;
    const address = `10.${this.#net}.0.${no}`;
    const door = `10.${this.#net}.${no}.2`;
    this.#space(name);
    ip('-n', name, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', port, 'netns', this.#bridge);
    ip('-n', this.#bridge, 'link', 'set', port, 'master', 'br0', 'up');
    ip('-n', name, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
    ip('-n', name, 'link', 'set', 'eth0', 'up');
    ip('-n', name, 'link', 'add', 'door', 'type', 'veth', 'peer', 'name', cable, 'netns', String(process.pid));
    ip('-n', name, 'addr', 'add', `${door}/24`, 'dev', 'door');
    ip('-n', name, 'link', 'set', 'door', 'up');
    ip('addr', 'add', `10.${this.#net}.${no}.1/24`, 'dev', cable);
    ip('link', 'set', cable, 'up');
    const set = (state: string) => () => ip('-n', this.#bridge, 'link', 'set', port, state);
    return { wrap: ['ip', 'netns', 'exec', name], address, door, unplug: set('down'), plugIn: set('up') };
  }

  /** Takes it all away. */
  remove(): void {
    for (const name of this.#spaces.splice(0).reverse()) spawnSync('ip', ['netns', 'del', name]);
  }
}
