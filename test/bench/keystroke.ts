/**
 * All that one keystroke sets going, from text to costs, and what must hold of it whatever the text: nothing is
 * thrown, and every place that is named lies in the text it speaks of. For the fuzzing script and its small
 * sister among the tests.
 */

import { boundSpace, constraintVerdict, price, shareInSlices } from '../../engine/cost/index.ts';
import { resolveTarget, shippedProfiles } from '../../engine/cost/index.ts';
import type { Target } from '../../engine/cost/index.ts';
import { analyse } from '../../engine/space/index.ts';
import type { Analysis, Problem, SourceProvider } from '../../engine/space/index.ts';
import { seeded } from '../../engine/space/testing.ts';
import { applyEdits, expectedAt, formatDocument, parse } from '../../grammar/index.ts';
import type { ParseResult, Span } from '../../grammar/index.ts';

/** Texts by path; imports go by the last part of what they name. */
export type Files = ReadonlyMap<string, string>;

const parses = new Map<string, ParseResult>();

/** Files that are not the one being broken come up again and again. */
function parseOnce(text: string): ParseResult {
  let known = parses.get(text);
  if (known === undefined) {
    if (parses.size > 100) parses.clear();
    parses.set(text, (known = parse(text)));
  }
  return known;
}

const ownTarget = { board: 'nucleo-f446re' };

function targetsOf(analysis: Analysis): readonly Target[] {
  const targets = new Set<Target>();
  for (const request of [...analysis.settings.targets, ownTarget]) {
    const resolved = resolveTarget(shippedProfiles, request);
    if ('target' in resolved) targets.add(resolved.target);
  }
  // Without a target of the file's own, costs are those of the default one.
  const [...all] = targets;
  return analysis.settings.targets.length > 0 && all.length > 1 ? all.slice(0, -1) : all;
}

/** What is wrong with a span in a text, or `undefined`. A place at the end of the text may be empty. */
function misplaced({ start, end }: Span, length: number, mayBeEmpty: boolean): string | undefined {
  if (!Number.isInteger(start) || !Number.isInteger(end) || start < 0 || end > length || start > end)
    return `[${start}, ${end}) is not in a text of ${length}`;
  return start === end && start < length && !mayBeEmpty ? `[${start}, ${end}) is empty` : undefined;
}

function wrongPlaces(problem: Problem, files: Files): readonly string[] {
  const wrong: string[] = [];
  const lengthOf = (file: string): number => files.get(file)?.length ?? -1;
  const look = (what: string, file: string, span: Span, mayBeEmpty: boolean): void => {
    const reason = misplaced(span, lengthOf(file), mayBeEmpty);
    if (reason !== undefined) wrong.push(`${problem.code}: ${what} ${reason} (${file})`);
  };
  look('problem', problem.file, problem, false);
  for (const { file, span } of problem.related) look('related place', file, span, false);
  for (const fix of problem.fixes) {
    for (const { span } of fix.edits) look(`fix "${fix.title}"`, problem.file, span, true);
  }
  if (problem.message === '') wrong.push(`${problem.code}: no message`);
  return wrong;
}

/**
 * Does for the text at `path` what the server does after an edit, and more. Gives what is wrong, in words; throws
 * what any part of it throws.
 */
export function keystroke(path: string, files: Files, seed = 1): readonly string[] {
  const text = files.get(path) ?? '';
  const wrong: string[] = [];
  const parsed = parse(text);
  for (const problem of parsed.problems) {
    const reason = misplaced(problem, text.length, false);
    if (reason !== undefined) wrong.push(`syntax: ${reason}: ${problem.message}`);
  }
  expectedAt(text, Math.floor(text.length / 2));
  const formatting = { tabSize: 2, insertSpaces: true };
  const formatted = applyEdits(text, formatDocument(text, formatting));
  if (formatDocument(formatted, formatting).length > 0) wrong.push('formatting again changes the text again');

  const provider: SourceProvider = {
    read: (file) => {
      const other = files.get(file);
      if (other === undefined) return undefined;
      return { text: other, parse: file === path ? parsed : parseOnce(other) };
    },
    resolve: (_from, specifier) => specifier.split('/').at(-1) ?? specifier,
  };
  const analysis = analyse(path, provider);
  for (const problem of analysis.problems) wrong.push(...wrongPlaces(problem, files));
  for (const { file, span } of analysis.references) {
    const reason = misplaced(span, files.get(file)?.length ?? -1, true);
    if (reason !== undefined) wrong.push(`reference ${reason}`);
  }
  const random = seeded(seed);
  for (const space of analysis.spaces) {
    const { count } = space.size();
    if (space.usable && count < 1n) wrong.push('a usable space has no architecture');
    for (const target of targetsOf(analysis)) {
      const bounds = boundSpace(space, target);
      const { macs, ram, flash } = bounds.total;
      for (const { low, high } of [macs, ram, flash])
        if (!(low <= high)) wrong.push(`bounds from ${low} to ${high}`);
      for (const constraint of analysis.settings.constraints) constraintVerdict(bounds, constraint);
      if (!space.usable) continue;
      const decisions = space.sample(random);
      const network = space.lower(decisions);
      const cost = price(network, target);
      if (!within(cost.total.macs.value, macs))
        wrong.push(`${cost.total.macs.value} MACs are outside of the bounds`);
      if (!within(cost.total.ram.value, ram))
        wrong.push(`${cost.total.ram.value} bytes of RAM are outside of ${ram.low}..${ram.high}`);
      shareInSlices(space, target, analysis.settings.constraints).next();
    }
  }
  return wrong;
}

const within = (value: number, { low, high }: { readonly low: number; readonly high: number }): boolean =>
  value >= low && value <= high;
