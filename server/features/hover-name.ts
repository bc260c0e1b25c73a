/** What a name is: its declaration, its values over the space, what its author wrote above it. */

import { markdownBlock, markdownLines, markdownText } from '../../engine/space/index.ts';
import type { Reference, SymbolInfo } from '../../engine/space/types.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { nearest, pathAt } from '../../grammar/index.ts';
import type { Workspace } from '../analysis/workspace.ts';
import { valuesOf } from './values.ts';

const words: Readonly<Record<SymbolInfo['kind'], string>> = {
  block: 'block',
  cell: 'cell',
  space: 'space',
  tie: 'tie: one draw for the whole space',
  let: 'let: one draw per use of its block',
  parameter: 'parameter',
  symbol: 'known from the context',
  function: 'function',
  operator: 'layer',
  tensor: 'tensor: the output of a layer',
};

export function symbolHover(snapshot: Snapshot, reference: Reference, workspace: Workspace): string {
  const { symbol } = reference;
  const declared = declarationText(symbol, workspace) ?? symbol.name;
  const parts = [markdownBlock(declared, 'nas')];
  // The declaration of these begins with the word.
  if (!declared.startsWith(`${symbol.kind} `)) parts.push(words[symbol.kind]);
  const values = valuesOf(symbol);
  if (values !== undefined) {
    const known = symbol.values?.length === 1 ? 'Always' : `${symbol.values?.length ?? 0} values:`;
    parts.push(`${known} ${values}`);
  }
  if (symbol.documentation !== undefined && symbol.documentation !== declared)
    parts.push(symbol.definition === undefined ? symbol.documentation : markdownText(symbol.documentation));
  if (symbol.kind === 'symbol' && symbol.name === 'classes') parts.push(...knownClasses(snapshot));
  const above = commentAbove(symbol, workspace);
  if (above !== undefined) parts.push(markdownLines(above));
  const place = symbol.definition;
  if (place !== undefined && place.file !== snapshot.uri) {
    parts.push(`From ${markdownText(place.file.slice(place.file.lastIndexOf('/') + 1))}`);
  }
  return parts.join('\n\n');
}

/** `Here 10.` once the dataset has said it. */
function knownClasses(snapshot: Snapshot): string[] {
  const known = new Set(snapshot.analysis.spaces.map(({ classes }) => classes));
  return known.size === 1 && !known.has(0) ? [`Here ${[...known].join('')}.`] : [];
}

/** The head of a block, the whole of a `let`. */
export function declarationText(symbol: SymbolInfo, workspace: Workspace): string | undefined {
  const place = symbol.definition;
  const home = place === undefined ? undefined : workspace.snapshot(place.file);
  if (place === undefined || home === undefined) return undefined;
  const path = pathAt(home.parse.file, place.span.start);
  const whole =
    nearest(path, 'let') ??
    (symbol.kind === 'parameter' ? nearest(path, 'parameter') : undefined) ??
    nearest(path, 'block') ??
    nearest(path, 'cell') ??
    nearest(path, 'space');
  if (whole === undefined) return undefined;
  const text = home.text.slice(whole.start, whole.end);
  if (whole.kind === 'let' || whole.kind === 'parameter') return text;
  const brace = text.indexOf('{');
  return (brace === -1 ? text : text.slice(0, brace)).trim();
}

/** The line comments that end on the line above a declaration. */
export function commentAbove(symbol: SymbolInfo, workspace: Workspace): string | undefined {
  const place = symbol.definition;
  const home = place === undefined ? undefined : workspace.snapshot(place.file);
  if (place === undefined || home === undefined) return undefined;
  let line = home.lines.lineAt(place.span.start) - 1;
  const text: string[] = [];
  for (; line >= 0; line--) {
    const written = home.text.slice(home.lines.startOf(line), home.lines.endOf(line)).trim();
    if (!written.startsWith('//')) break;
    text.unshift(written.replace(/^\/\/+\s?/, ''));
  }
  return text.length === 0 ? undefined : text.join('\n');
}
