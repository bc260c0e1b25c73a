/**
 * What people mean by what cannot be read: habits of other languages and slips of the hand, each with the text that
 * says it here. The grammar names the place of a problem; the characters around it tell what was meant.
 */

import { fix, nearest, operators, units } from '../../engine/space/index.ts';
import { declarationWords, reservedWords } from '../../grammar/index.ts';
import type { Span } from '../../grammar/ast.ts';
import type { Fix, Problem } from '../../engine/space/types.ts';

export type Mistake = Pick<Problem, 'code' | 'start' | 'end'>;

/** The text of the line around a problem, in offsets of the whole. */
interface Place {
  readonly text: string;
  readonly span: Span;
  /** What the problem marks. */
  readonly marked: string;
  /** The line before and behind the mark, as far as it is near. */
  readonly before: string;
  readonly behind: string;
}

/** Characters on either side that can tell what was meant; a line may have a million, and as many problems. */
const nearby = 400;

/** Fixes for a problem that has none of its own, the first preferred. */
export function slipFixes(text: string, { code, start, end }: Mistake): readonly Fix[] {
  const before = text.slice(Math.max(0, start - nearby), start);
  const behind = text.slice(end, end + nearby);
  const lineEnd = behind.indexOf('\n');
  const place: Place = {
    text,
    span: { start, end },
    marked: text.slice(start, end),
    before: before.slice(before.lastIndexOf('\n') + 1),
    behind: lineEnd === -1 ? behind : behind.slice(0, lineEnd),
  };
  const rules = code.startsWith('syntax/') ? syntaxRules : (meaningRules[code] ?? []);
  for (const rule of rules) {
    const found = rule(place);
    if (found !== undefined) return found;
  }
  return [];
}

type Rule = (place: Place) => readonly Fix[] | undefined;

const changeTo = (span: Span, text: string): readonly Fix[] => fix(`Change to \`${text}\``, span, text);

/** `3 - > 8` and `3 => 8`. */
const arrow: Rule = ({ text, span, marked, before }) => {
  const spaced = /-\s+$/.exec(before);
  if (marked === '>' && spaced !== null)
    return changeTo({ start: span.start - spaced[0].length, end: span.end }, '->');
  if (text.startsWith('=>', span.start)) return changeTo({ start: span.start, end: span.start + 2 }, '->');
  return undefined;
};

/** `when a = 1`; `stride = 2`, `trials: 3`; `ram = 16 KB`, marked at its blank. */
const equals: Rule = ({ span, marked, before, behind }) => {
  const next = /^\s*=(?![=>])/.exec(marked.trim() === '' ? behind : '');
  if (next !== null) {
    const start = span.end + next[0].length - 1;
    return changeTo({ start, end: start + 1 }, '<=');
  }
  if (marked !== '=' && marked !== ':') return undefined;
  if (marked === '=' && /(?<![\w-])(when|unless|require)(?![\w-])/.test(before)) return changeTo(span, '==');
  const blanks = /\s*$/.exec(before)?.[0].length ?? 0;
  const after = /^\s*/.exec(behind)?.[0].length ?? 0;
  if (!/[\w-]\s*$/.test(before) || after === behind.length) return undefined;
  return fix(`Remove \`${marked}\``, { start: span.start - blanks, end: span.end + after }, ' ');
};

/** `{8, 16}`, `(8 | 16)`, `[8, 16]`. */
const choice: Rule = ({ span, marked, before, behind }) => {
  const [open, close] = marked === '[' ? [span.start, ']'] : bracketBefore(before, span.start);
  const end = behind.indexOf(close);
  if (end === -1 || (marked !== '[' && marked !== ',' && marked !== '|')) return undefined;
  const first = marked === '[' ? '' : before.slice(before.length - (span.start - open) + 1);
  const inner = `${first}${marked === '[' ? '' : marked}${behind.slice(0, end)}`;
  if (marked === ',' && (close !== '}' || holdsSettings(before.slice(0, open - span.start))))
    return undefined;
  if (/[[\](){};:]/.test(inner) || !/[,|]/.test(inner)) return undefined;
  const options = inner.split(/[,|]/).map((option) => option.trim());
  return changeTo({ start: open, end: span.end + end + 1 }, `{${options.join(' | ')}}`);
};

function holdsSettings(beforeBrace: string): boolean {
  return /(^|[\s}])(constraints|objectives|(search|target|dataset)\s+\S+)\s*$/.test(beforeBrace);
}

/** The bracket that is open at the end of `before`, and what closes it. */
function bracketBefore(before: string, at: number): readonly [open: number, close: string] {
  for (let index = before.length - 1; index >= 0; index--) {
    const character = before.charAt(index);
    if (character === '{') return [at - (before.length - index), '}'];
    if (character === '(') return [at - (before.length - index), ')'];
    if (/[[\]});]/.test(character)) break;
  }
  return [at, '\0'];
}

/** A name where a string stands: `target pico`, `on pico`, `from blocks`; single quotes; names to import without braces. */
const quotes: Rule = ({ span, marked, before, behind }) => {
  if (marked === "'") {
    const end = behind.indexOf("'");
    const name = behind.slice(0, end);
    return end < 1 || name.includes('"')
      ? undefined
      : changeTo({ start: span.start, end: span.end + end + 1 }, `"${name}"`);
  }
  if (/^\s*import\s+$/.test(before) && /^\s+from\s+"/.test(behind)) return changeTo(span, `{ ${marked} }`);
  if (!/(^|[\s;{])(target|on|from)\s+$/.test(before) || !/^[\w./-]+$/.test(marked)) return undefined;
  return changeTo(span, `"${marked}"`);
};

/** `{ ram < 16 KB, flash < 3 KB }`. */
const separator: Rule = ({ span, marked, behind }) =>
  marked === ',' && /^\s*[A-Za-z]/.test(behind) ? changeTo(span, ';') : undefined;

/** `conv 3x3 -> 8 bn`. */
const follower: Rule = ({ span, marked, behind }) => {
  if (marked.trim() !== '') return undefined;
  const word = /^[a-z]\w*/.exec(behind)?.[0];
  if (word === undefined || operators.get('conv')?.followers.includes(word) !== true) return undefined;
  const insert = (text: string, preferred: boolean): Fix => ({
    title: `Insert "${text}"`,
    preferred,
    edits: [{ span: { start: span.start, end: span.start }, text }],
  });
  return [insert(',', true), insert(';', false)];
};

/** `constraint { ... }`, `sapce net { ... }`, and `maximise accuracy`. */
const word: Rule = ({ span, marked, before, behind }) => {
  const direction = /^(max|min)[a-z]+$/i.exec(marked)?.[1]?.toLowerCase();
  if (direction !== undefined && /^\s+[a-z]/.test(behind)) return changeTo(span, direction);
  if (before.trim() !== '' || !/^[A-Za-z]+$/.test(marked)) return undefined;
  const meant = nearest(marked, declarationWords);
  return meant === undefined ? undefined : changeTo(span, meant);
};

/** `choice { skip: conv 1x1 -> 8 }`. */
const label: Rule = ({ span, marked, behind }) =>
  reservedWords.includes(marked) && /^\s*:/.test(behind) ? changeTo(span, `${marked}_`) : undefined;

const syntaxRules: readonly Rule[] = [label, arrow, equals, choice, quotes, separator, follower, word];

const usualUnits: Readonly<Record<string, string>> = {
  latency: 'ms',
  ram: 'KB',
  flash: 'KB',
  energy: 'mJ',
  accuracy: '%',
  clock: 'MHz',
  budget: 'minutes',
  fidelity: 'epochs',
  retrain: 'epochs',
};

/** `clock 180`, `ram < 16`, `clock 180 mhz`, `accuracy > 75`. */
const unit: Rule = ({ span, marked, before, behind }) => {
  if (!/^[\d.]+$/.test(marked)) return undefined;
  const written = /^\s*([A-Za-z]+)/.exec(behind);
  if (written !== null) {
    const meant = Object.keys(units).find((name) => name.toLowerCase() === written[1]?.toLowerCase());
    const end = span.end + written[0].length;
    return meant === undefined ? undefined : changeTo({ start: span.start, end }, `${marked} ${meant}`);
  }
  const missing = usualUnits[/([a-z]+)\s*(?:[<>]=?\s*)?$/.exec(before)?.[1] ?? ''];
  // The usual unit is a guess, so that nothing applies it unseen.
  return missing === undefined
    ? undefined
    : changeTo(span, `${marked} ${missing}`).map((guess) => ({ ...guess, preferred: false }));
};

/** `relu, bn`. */
const order: Rule = ({ span, marked, before }) => {
  const previous = /([a-z]\w*),\s*$/.exec(before);
  if (previous === null || !/^[a-z]\w*$/.test(marked)) return undefined;
  const start = span.start - previous[0].length;
  return changeTo({ start, end: span.end }, `${marked}, ${previous[1] ?? ''}`);
};

const synonyms: Readonly<Record<string, string>> = {
  memory: 'ram',
  sram: 'ram',
  arena: 'ram',
  rom: 'flash',
  size: 'flash',
  time: 'latency',
  speed: 'latency',
  power: 'energy',
  params: 'parameters',
  weights: 'parameters',
  flops: 'macs',
  error: 'accuracy',
  msec: 'ms',
  sec: 's',
  seconds: 's',
  usec: 'us',
  kilobytes: 'KB',
  bytes: 'B',
};
const synonym: Rule = ({ span, marked }) => {
  const meant = synonyms[marked.toLowerCase()];
  return meant === undefined ? undefined : changeTo(span, meant);
};

const meaningRules: Readonly<Record<string, readonly Rule[]>> = {
  'unit/wrong': [unit],
  'value/range': [unit],
  'unit/unknown': [synonym],
  'metric/unknown': [synonym],
  'follower/order': [order],
};
