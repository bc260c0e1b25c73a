/**
 * The paths that a text imports, without reading it: which file imports which is asked of every file that is known, at
 * every keystroke, and trees of all of them would fill the memory.
 */

const word = 'import';

/**
 * What stands in quotes behind each word `import`, escapes resolved: all paths that parsing finds, and perhaps some in
 * comments. Linear in the length of the text.
 */
export function importedPaths(text: string): string[] {
  const paths: string[] = [];
  for (let at = text.indexOf(word); at !== -1;) {
    const quote = text.indexOf('"', at + word.length);
    if (quote === -1) break;
    const end = endOfString(text, quote + 1);
    paths.push(text.slice(quote + 1, end).replace(/\\(.?)/g, '$1'));
    // Words in front of the quote have the same path behind them.
    at = text.indexOf(word, quote + 1);
  }
  return paths;
}

/** The closing quote, or the end of the line. */
function endOfString(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"' || sign === '\n' || sign === '\r') break;
    if (sign === '\\') at++;
  }
  return Math.min(at, text.length);
}
