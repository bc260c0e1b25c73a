/** Where the time of a layer goes: the terms of its kernel path, in its dearest instance. */

import { markdownText } from '../../engine/space/index.ts';
import { latencyTerms, type LatencyTerms, type Target } from '../../engine/cost/index.ts';
import type { LayerCost } from '../analysis/costs.ts';
import { formatCount, formatShare, formatTime } from '../../engine/cost/index.ts';

/** Smaller ones are added up. */
const leastShare = 0.01;

/** Lines of Markdown; none where there is no latency. */
export function whereTimeGoes({ example }: LayerCost, target: Target): string[] {
  const known =
    example === undefined ? undefined : latencyTerms(example.op, example.inputs, example.output, target);
  if (known === undefined || known.terms.length === 0) return [];
  const total = known.terms.reduce((sum, { latencyMs }) => sum + latencyMs, 0);
  const large = known.terms.filter(({ latencyMs }) => latencyMs >= leastShare * total);
  const rest = total - large.reduce((sum, { latencyMs }) => sum + latencyMs, 0);
  const rows = large.map(({ counts, amount, cyclesEach, latencyMs }) => [
    markdownText(counts),
    `${formatCount(amount, '')} × ${formatCount(cyclesEach, 'cycles')}`,
    formatTime(latencyMs),
    formatShare(latencyMs / total),
  ]);
  if (rest > 0) rows.push(['the rest', '', formatTime(rest), formatShare(rest / total)]);
  return [
    '',
    `Where the time goes, by the path *${markdownText(known.path)}*:`,
    '',
    '| | amount | time | share |',
    '| --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    ...invocation(known),
    ...(known.basis === undefined ? [] : ['', markdownText(known.basis)]),
  ];
}

function invocation({ invokeMs }: LatencyTerms): string[] {
  return invokeMs > 0 ? ['', `Calling the interpreter adds ${formatTime(invokeMs)} once per inference.`] : [];
}
