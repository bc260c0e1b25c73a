/**
 * How the time of everything that an editor asks of a document grows with documents that were made to be slow. For each
 * of `hostile.ts` and each part of the work: processor time with so many repetitions and with four times as many. Marks
 * what takes more than a second, or more than six times as long for four times the text.
 *
 * `node test/bench/hostile.bench.ts [repetitions] [part of a name]`
 */

import { formatDocument } from '../../grammar/index.ts';
import { Workspace } from '../../server/analysis/workspace.ts';
import { defaultSettings } from '../../server/analysis/settings.ts';
import { diagnose } from '../../server/diagnostics/index.ts';
import { codeActions } from '../../server/features/code-actions.ts';
import { codeLenses } from '../../server/features/code-lens.ts';
import { completions } from '../../server/features/completion.ts';
import { foldingRanges } from '../../server/features/folding.ts';
import { hover } from '../../server/features/hover.ts';
import { inlayHints } from '../../server/features/inlay-hints.ts';
import { references } from '../../server/features/references.ts';
import { selectionRanges } from '../../server/features/selection.ts';
import { semanticTokens } from '../../server/features/semantic-tokens.ts';
import { signatureHelp } from '../../server/features/signature.ts';
import { documentSymbols } from '../../server/features/symbols.ts';
import { filesOf } from '../../server/testing/fixture.ts';
import { hostile } from './hostile.ts';

const count = Number(process.argv[2] ?? 2500);
const wanted = process.argv[3] ?? '';
const growth = 4;
const mostGrowth = 1.5 * growth;
const limitMs = 1000;
/** Below this, growth is noise. */
const noiseMs = 60;
const uri = 'file:///hostile.nas';
const files = filesOf(new Map());
const completionClient = { snippets: false, sharedRange: false, insertReplace: false };

function work(text: string): Map<string, number> {
  const workspace = new Workspace(files);
  const times = new Map<string, number>();
  const timed = (part: string, run: () => unknown): void => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    times.set(part, (user + system) / 1000);
  };
  let snapshot = workspace.open(uri, 1, text);
  const middle = Math.floor(text.length / 2);
  const whole = { start: 0, end: text.length };
  const phases = ['tree', 'meaning', 'cost'] as const;
  for (const phase of phases) timed(phase, () => snapshot.reach(phase));
  timed('problems', () => diagnose(snapshot, defaultSettings));
  timed('hints', () => inlayHints(snapshot, whole, defaultSettings));
  timed('colours', () => [...semanticTokens(snapshot)]);
  timed('outline', () => documentSymbols(snapshot));
  timed('folding', () => foldingRanges(snapshot));
  timed('lenses', () => codeLenses(snapshot));
  timed('selection', () => selectionRanges(snapshot, [snapshot.lines.positionAt(middle)]));
  timed('hover', () => hover(snapshot, middle, workspace));
  timed('completion', () => completions(snapshot, middle, workspace, completionClient));
  timed('signature', () => signatureHelp(snapshot, middle));
  timed('references', () => references(workspace, snapshot, middle, true));
  timed('actions', () => codeActions(snapshot, whole, { diagnostics: [] }, defaultSettings));
  timed('format', () => formatDocument(text, { tabSize: 2, insertSpaces: true }));
  const at = snapshot.lines.positionAt(middle);
  snapshot = workspace.change(uri, 2, [{ range: { start: at, end: at }, text: ' ' }]) ?? snapshot;
  for (const phase of phases) timed(`edit: ${phase}`, () => snapshot.reach(phase));
  timed('edit: problems', () => diagnose(snapshot, defaultSettings));
  return times;
}

work(hostile.find(({ name }) => name === 'layers')?.text(500) ?? '');
let marked = 0;
const shown = hostile.filter(({ name }) => name.includes(wanted));
console.log(`${shown.length} documents of ${count} and ${growth * count} repetitions; processor time in ms`);
for (const { name, text } of shown) {
  const [once, more] = [work(text(count)), work(text(growth * count))];
  const slow = [...more].flatMap(([part, ms]) => {
    const before = once.get(part) ?? 0;
    const grows = ms > noiseMs && ms > mostGrowth * Math.max(before, noiseMs / growth);
    return ms > limitMs || grows ? [`${part} ${before.toFixed(0)} -> ${ms.toFixed(0)}`] : [];
  });
  const [sum, total] = [once, more].map((times) => [...times.values()].reduce((a, b) => a + b, 0));
  marked += slow.length;
  console.log(
    `${slow.length > 0 ? '!' : ' '} ${name.padEnd(42)} ${(sum ?? 0).toFixed(0).padStart(6)} ${(total ?? 0).toFixed(0).padStart(6)}  ${slow.join(', ')}`,
  );
}
console.log(`${marked} parts take more than ${limitMs} ms or grow faster than the text.`);
