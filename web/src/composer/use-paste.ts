/** A long text that was pasted, for as long as it stands in the field as it came: it may be meant as code. */

import { type ClipboardEvent, useState } from 'react';
import { asCode, isLong } from './splitting.ts';

interface Pasted {
  readonly from: number;
  readonly text: string;
}

export interface Paste {
  /** Lines that were pasted; 0: nothing is to be offered. */
  readonly lines: number;
  readonly onPaste: (event: ClipboardEvent<HTMLTextAreaElement>) => void;
  /** The text of the field with the pasted part as code. */
  readonly asCode: () => string;
  readonly forget: () => void;
}

export function usePaste(text: string): Paste {
  const [pasted, setPasted] = useState<Pasted | null>(null);
  const isThere = pasted !== null && text.slice(pasted.from, pasted.from + pasted.text.length) === pasted.text && !/^`{3}/m.test(text);
  return {
    lines: isThere ? pasted.text.trimEnd().split('\n').length : 0,
    onPaste({ clipboardData, currentTarget }) {
      const came = clipboardData.getData('text/plain').replace(/\r\n?/g, '\n');
      if (isLong(came)) setPasted({ from: currentTarget.selectionStart, text: came });
    },
    asCode() {
      if (!pasted) return text;
      const before = text.slice(0, pasted.from);
      const behind = text.slice(pasted.from + pasted.text.length);
      const gap = before === '' || before.endsWith('\n') ? '' : '\n';
      return `${before}${gap}${asCode(pasted.text)}\n${behind.replace(/^\n/, '')}`;
    },
    forget: () => setPasted(null),
  };
}
