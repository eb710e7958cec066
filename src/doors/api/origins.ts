/**
 * Whom a browser may speak for: pages of this node, of this machine, and of origins that the operator named. A name that anybody can point at this machine (DNS
 * rebinding) is none of its names, so requests to it are refused, too. Programs that are no browsers send no origin, and are let through.
 */

import { isIP } from 'node:net';

export interface OriginOptions {
  /** Names of this node beside loopback and addresses: of the machine, of the public URL, and those in `http.hosts`. */
  readonly hosts: readonly string[];
  /** Origins whose pages may use the API: `https://chat.example.org`. */
  readonly origins: readonly string[];
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

  constructor({ hosts, origins }: OriginOptions) {
    this.#hosts = new Set(hosts.map((host) => nameOf(host) ?? host.toLowerCase()));
    this.#origins = new Set(origins.map((origin) => origin.toLowerCase().replace(/\/$/, '')));
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
    return isLoopbackName(nameOf(url.host) ?? '');
  }
}
