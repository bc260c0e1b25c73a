/** What goes to a terminal or a log: text of others is shown and never obeyed; only our own styles pass. */

import { randomUUID } from 'node:crypto';
import { styleText } from 'node:util';
import { visible } from '../engine/space/index.ts';
import type { Style } from './io.ts';

/** Nobody can know it beforehand, so that no text but ours bears a style. */
const secret = randomUUID();
const mark = new RegExp(`\0${secret}([0-9;]*m)\0`, 'g');

/** Text in a style that {@link printable} lets pass, where the stream goes to a terminal that wants colour. */
export function styled(style: Style, text: string, stream: NodeJS.WriteStream): string {
  const [open = '', close = ''] = styleText(style, '\n', { stream, validateStream: true }).split('\n');
  return open === '' ? text : `${marked(open)}${text}${marked(close)}`;
}

const marked = (sequence: string): string => `\0${secret}${sequence.slice('\u001b['.length)}\0`;

/** For every write to a person: see engine/space/visible.ts for what is made visible. Line ends and tabs stay. */
export function printable(text: string): string {
  // Between the texts stand what the brackets of the pattern found.
  return text
    .split(mark)
    .map((part, i) => (i % 2 === 0 ? visible(part) : `\u001b[${part}`))
    .join('');
}
