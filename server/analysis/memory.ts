/**
 * Keeps built spaces from one version of a file to the next. A space is the same as long as its declaration and
 * the blocks that it reaches are the same nodes (see `reparse.ts`) and names still mean them; then only the places
 * of its problems have moved.
 */

import type { Declaration, SpaceDeclaration, Span } from '../../grammar/ast.ts';
import {
  onceFor,
  operators,
  SpaceBuilder,
  type BuiltSpace,
  type SpaceMemory,
} from '../../engine/space/index.ts';
import type { Problem, SearchSpace } from '../../engine/space/types.ts';
import { layoutOf } from './reparse.ts';
import { blockNamed } from './blocks.ts';
import type { SpaceCost } from './costs.ts';
import type { Snapshot } from './snapshot.ts';
import { walk } from '../../grammar/index.ts';

interface Part {
  readonly declaration: Declaration;
  readonly uri: string;
  /** Where it stood when the space was built. */
  readonly start: number;
  readonly end: number;
  readonly layout: number;
}

interface Entry {
  readonly circumstances: string;
  /** By every name that was looked up, in order; `undefined` for names that nothing defines. */
  readonly parts: readonly (Part | undefined)[];
  readonly built: BuiltSpace;
  cost: SpaceCost | undefined;
}

/** Spaces of this and earlier versions, and by their names what they were built with. */
export class Built extends WeakMap<SpaceDeclaration, Entry> {
  /** Of the latest version: what it has no space for is let go. */
  builders = new Map<string, SpaceBuilder>();
}

/** The memory of one version; `built` is handed from version to version. */
export function memoryOf(snapshot: Snapshot, built: Built): SpaceMemory {
  const before = built.builders;
  const now = (built.builders = new Map<string, SpaceBuilder>());
  const builder = ({ name }: SpaceDeclaration): SpaceBuilder | undefined => {
    // Two spaces of one name cannot share what is taken over by the later.
    if (name === undefined || now.has(name.name)) return undefined;
    const found = before.get(name.name) ?? new SpaceBuilder();
    now.set(name.name, found);
    return found;
  };
  return {
    builder,
    recall(declaration, circumstances) {
      const entry = built.get(declaration);
      if (entry === undefined) return undefined;
      // What cannot be used is let go at once: collecting garbage while the next space is built costs by what lives.
      built.delete(declaration);
      if (entry.circumstances !== circumstances) return undefined;
      const now = partsOf(snapshot, declaration);
      const isSame =
        now.length === entry.parts.length &&
        now.every((part, index) => part?.declaration === entry.parts[index]?.declaration);
      if (!isSame) return undefined;
      // Blanks were typed around a problem: where it is now, only building anew can tell.
      const isMisplaced = (file: string, span: Span): boolean => {
        const part = partAt(file, span, entry.parts);
        return part !== undefined && part.layout !== layoutOf(part.declaration);
      };
      const { problems } = entry.built;
      if (
        problems.some(
          (problem) =>
            isMisplaced(problem.file, problem) ||
            problem.related.some(({ file, span }) => isMisplaced(file, span)),
        )
      ) {
        return undefined;
      }
      built.set(declaration, entry);
      builder(declaration);
      return {
        space: entry.built.space,
        problems: entry.built.problems.map((problem) => moved(problem, entry.parts)),
      };
    },
    remember(declaration, circumstances, result) {
      built.set(declaration, {
        circumstances,
        parts: partsOf(snapshot, declaration),
        built: result,
        cost: undefined,
      });
    },
  };
}

function entryOf(built: Built, space: SearchSpace): Entry | undefined {
  const entry = built.get(space.declaration);
  return entry?.built.space === space ? entry : undefined;
}

export function keptCost(built: Built, space: SearchSpace): SpaceCost | undefined {
  return entryOf(built, space)?.cost;
}

export function keepCost(built: Built, cost: SpaceCost): void {
  const entry = entryOf(built, cost.space);
  if (entry !== undefined) entry.cost = cost;
}

/** Names that a declaration uses as layers and that the catalogue does not know. */
const namesIn = onceFor((declaration: Declaration): readonly string[] => {
  const names = new Set<string>();
  walk(declaration, (node) => {
    if (node.kind === 'operator' && !operators.has(node.name.name)) names.add(node.name.name);
  });
  return [...names];
});

/** The space itself and what it reaches, each once. */
function partsOf(snapshot: Snapshot, space: SpaceDeclaration): (Part | undefined)[] {
  const parts: (Part | undefined)[] = [];
  const seen = new Set<Declaration>();
  const visit = (declaration: Declaration, home: Snapshot): void => {
    if (seen.has(declaration)) return;
    seen.add(declaration);
    parts.push({
      declaration,
      uri: home.uri,
      start: declaration.start,
      end: declaration.end,
      layout: layoutOf(declaration),
    });
    for (const name of namesIn(declaration)) {
      const block = blockNamed(home, name);
      if (block === undefined) parts.push(undefined);
      else visit(block.declaration, block.uri === home.uri ? home : (home.other(block.uri) ?? home));
    }
  };
  visit(space, snapshot);
  return parts;
}

/** The problem where its declaration stands now. */
function moved(problem: Problem, parts: readonly (Part | undefined)[]): Problem {
  const by = shiftOf(problem.file, problem, parts);
  const related = problem.related.map((place) => ({
    ...place,
    span: shifted(place.span, shiftOf(place.file, place.span, parts)),
  }));
  if (by === 0) return { ...problem, related };
  const fixes = problem.fixes.map((fix) => ({
    ...fix,
    edits: fix.edits.map(({ span, text }) => ({ span: shifted(span, by), text })),
  }));
  return { ...problem, ...shifted(problem, by), related, fixes };
}

function shiftOf(file: string, span: Span, parts: readonly (Part | undefined)[]): number {
  const part = partAt(file, span, parts);
  return part === undefined ? 0 : part.declaration.start - part.start;
}

function partAt(file: string, span: Span, parts: readonly (Part | undefined)[]): Part | undefined {
  return parts.find((each) => each?.uri === file && each.start <= span.start && span.start <= each.end);
}

function shifted({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}
