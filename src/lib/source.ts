/**
 * Which source an address counts as, when sources are limited: an IPv4 address, or the /64 of an IPv6 address, as one household or server has that many
 * (RFC 6177). Anything else, such as the name of a socket, is a source as it stands.
 */

const GROUPS = 8;
const PREFIX_GROUPS = 4;
const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const GROUP = /^[0-9a-f]{1,4}$/;
const ADDRESS_LENGTH_MAX = 64;

/** The source of a remote address as a socket tells it; a zone (`%eth0`) is left out. */
export function sourceOf(address: string): string {
  const plain = address.slice(0, ADDRESS_LENGTH_MAX).toLowerCase().replace(/%.*$/, '');
  const groups = groupsOf(plain);
  if (!groups) return plain;
  // An IPv4 client on a socket for both (RFC 4291, section 2.5.5.2).
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    return [groups[6]! >> 8, groups[6]! & 255, groups[7]! >> 8, groups[7]! & 255].join('.');
  }
  return `${groups
    .slice(0, PREFIX_GROUPS)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** The eight groups of an IPv6 address; null where it is none. */
function groupsOf(text: string): number[] | null {
  const halves = text.split('::');
  if (halves.length > 2 || !text.includes(':')) return null;
  const [head, tail] = halves.map(readGroups);
  if (!head || tail === null) return null;
  if (!tail) return head.length === GROUPS ? head : null;
  const zeros = GROUPS - head.length - tail.length;
  return zeros > 0 ? [...head, ...Array.from({ length: zeros }, () => 0), ...tail] : null;
}

function readGroups(text: string): number[] | null {
  const groups: number[] = [];
  for (const part of text === '' ? [] : text.split(':')) {
    const bytes = IPV4.exec(part)?.slice(1).map(Number);
    if (bytes?.every((byte) => byte < 256)) groups.push((bytes[0]! << 8) | bytes[1]!, (bytes[2]! << 8) | bytes[3]!);
    else if (GROUP.test(part)) groups.push(Number.parseInt(part, 16));
    else return null;
  }
  return groups;
}
