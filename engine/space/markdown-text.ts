/** Text of others in Markdown: it reads as it was written and does nothing, neither links nor pictures nor markup. */

import { visible, visibleLine } from './visible.ts';

/** What makes a heading, a list or a rule where a line begins with it: the last character is the one to take away. */
const atStart = /^(\s*(?:#{0,5}|\d{0,9}|[=-]*))([#+.)=-])(?=\s|$)/;

/**
 * For a place within a line of Markdown, a cell of a table included; line ends become blanks. Readers that make links of
 * bare addresses, as GitHub and VS Code do, find none.
 */
export function markdownText(text: string): string {
  return (
    visibleLine(text.replace(/\s+/g, ' '))
      .replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '')
      .replace(/[\\`|~[\]]/g, '\\$&')
      .replace(/(?<=\])\(/g, '\\(')
      // Between letters, or between blanks, these are no markup.
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
      .replace(/\*(?! )|(?<! )\*/g, '\\*')
      .replace(/\$(?=\()/g, '\\$')
      .replace(/(?<=\p{L}):(?=\S)|(?<=www)\.|@/giu, '\\$&')
      .replace(atStart, '$1\\$2')
  );
}

/**
 * A comment that somebody wrote for readers: its lines, lists and code in backticks stay, and nothing else of Markdown.
 */
export function markdownLines(text: string): string {
  return text.split(/\r?\n/).map(markdownLine).join('\n');
}

function markdownLine(line: string): string {
  const [mark = ''] = /^\s*(?:[-*+]|\d{1,9}[.)])\s+/.exec(line) ?? [];
  return (
    mark.slice(-4) +
    line
      .slice(mark.length)
      .split(/(`+[^`]+`+)/)
      .map((part, i) => (i % 2 === 0 ? markdownText(part) : markdownCode(part.replace(/^`+|`+$/g, ''))))
      .join('')
  );
}

/** As code within a line. */
export function markdownCode(text: string): string {
  const fence = '`'.repeat(1 + longestRun(text));
  const [shown, pad] = [visibleLine(text), /^`|`$/.test(text) ? ' ' : ''];
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** As a block of code in a language, which no text of it can end. */
export function markdownBlock(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, 1 + longestRun(text)));
  return `${fence}${language}\n${visible(text)}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
