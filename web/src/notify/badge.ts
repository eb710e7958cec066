/** What waits, where it is seen while the page is not: in its title, its icon, and on the icon of the installed app. */

import { useEffect } from 'react';

export interface Waiting {
  readonly unread: number;
  readonly mentions: number;
}

/** A number for what is for the reader, a dot for everything else. */
export function titleOf(network: string, { unread, mentions }: Waiting): string {
  return `${mentions > 0 ? `(${mentions}) ` : unread > 0 ? '• ' : ''}${network || 'Skein'}`;
}

export function iconOf({ unread, mentions }: Waiting): string {
  return mentions > 0 ? '/icon-mention.svg' : unread > 0 ? '/icon-unread.svg' : '/icon.svg';
}

type Badged = Navigator & { setAppBadge?: (count?: number) => Promise<void>; clearAppBadge?: () => Promise<void> };

export function useBadge(network: string, { unread, mentions }: Waiting): void {
  useEffect(() => {
    document.title = titleOf(network, { unread, mentions });
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const icon = iconOf({ unread, mentions });
    if (link && link.getAttribute('href') !== icon) link.setAttribute('href', icon);
    const app = navigator as Badged;
    // Where the app is not installed it is refused, or missing.
    void (mentions > 0 ? app.setAppBadge?.(mentions) : app.clearAppBadge?.())?.catch(() => undefined);
  }, [network, unread, mentions]);
}
