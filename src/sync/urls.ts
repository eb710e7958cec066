/** Where a node's API answers: told in its record among its addresses, and dialled by nobody. */

/** URLs that a node tells of. */
export const URLS_MAX = 4;

export function isUrl(address: string): boolean {
  return address.startsWith('http://') || address.startsWith('https://');
}
