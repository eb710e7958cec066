/**
 * Whom a browser may speak for: pages of this node, of this machine, of origins that the operator named, and of the other nodes of the network, where their signed records
 * say that they answer: a page goes on here when the node that it came from is dead. What such a page can do, its node could do anyway: there are no cookies, and a session's
 * key is in the storage of the page that made it. A name that anybody can point at this machine (DNS rebinding) is none of its names, so requests to it are refused, too.
 * Programs that are no browsers send no origin, and are let through.
 */

import { isIP } from 'node:net';

export interface OriginOptions {
  /** Names of this node beside loopback and addresses: of the machine, of the public URL, and those in `http.hosts`. */
  readonly hosts: readonly string[];
  /** Origins whose pages may use the API: `https://chat.example.org`. */
  readonly origins: readonly string[];
  /** Where the APIs of the members of the network answer, as far as it is known now: `http://host:port`. */
  readonly members?: () => readonly string[];
}

/** `HOST` of `HOST:PORT`, in small letters, without brackets and the last dot; null where it is neither. */
function nameOf(host: string): string | null {
  const [, v6, name] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/@\s]+))(?::\d{1,5})?$/.exec(host) ?? [];
  return v6 ?? name?.toLowerCase().replace(/\.$/, '') ?? null;
}

function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

export class Origins {
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;
  readonly #members: () => readonly string[];

  constructor({ hosts, origins, members = () => [] }: OriginOptions) {
    this.#hosts = new Set(hosts.map((host) => nameOf(host) ?? host.toLowerCase()));
    this.#origins = new Set(origins.map((origin) => origin.toLowerCase().replace(/\/$/, '')));
    this.#members = members;
  }

  /** Whether a request to this host is one to this node. An address cannot be pointed elsewhere. */
  allowsHost(host: string | undefined): boolean {
    const name = host === undefined ? null : nameOf(host);
    return name !== null && (isIP(name) !== 0 || isLoopbackName(name) || this.#hosts.has(name));
  }

  /** Whether a page of this origin may use the API at this host. */
  allowsOrigin(origin: string | undefined, host: string | undefined): boolean {
    if (origin === undefined) return true;
    const url = URL.parse(origin);
    if (!url || url.origin === 'null') return false;
    if (this.#origins.has(url.origin.toLowerCase()) || url.host === host?.toLowerCase()) return true;
    return isLoopbackName(nameOf(url.host) ?? '') || this.#members().some((one) => URL.parse(one)?.origin === url.origin);
  }
}
