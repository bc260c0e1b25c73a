/**
 * One version of one file and what follows from it: tree, meaning, costs. Each phase is computed when it is first
 * asked for and kept for as long as the version lives. An edit makes a new snapshot, which takes over the nodes of
 * the old one: what belongs to an old version must be finished before the next is read, as the scheduler sees to.
 */

import type { ParseResult } from '../../grammar/ast.ts';
import { type Node, parse, pathAt } from '../../grammar/index.ts';
import { analysisInSteps, finished, type Effort, type Steps } from '../../engine/space/index.ts';
import type { Target, VisitedMemory } from '../../engine/cost/index.ts';
import type { Analysis, SearchSpace, SourceProvider } from '../../engine/space/types.ts';
import type { ConstraintView } from './constraints.ts';
import { costsInSteps, type LayerCost, type SpaceCost, type UseCost } from './costs.ts';
import type { NamedBlock } from './blocks.ts';
import { exportsOfText, exportsOfTree, type Exported } from './exports.ts';
import { importedPaths } from './imports.ts';
import type { Settings } from './settings.ts';
import { joined, type Change, type Edited } from './edits.ts';
import type { PathKind } from './files.ts';
import { keptCost, keepCost, memoryOf, Built } from './memory.ts';
import { reparse } from './reparse.ts';
import type { Lines } from './lines.ts';
import type { KnownProfiles } from './profiles.ts';
import { divided, undivided, type Limits } from './turn.ts';

/** What a request needs of a document; each phase needs those before it. */
export const phases = ['text', 'tree', 'meaning', 'cost'] as const;
export type Phase = (typeof phases)[number];

/** Where a snapshot finds other files. */
export interface Sources extends SourceProvider {
  snapshot(uri: string): Snapshot | undefined;
  /** The boards and runtimes that a file can use. */
  profiles(uri: string): KnownProfiles;
  /** What lies where data is said to be; `undefined` where that must not be looked at. */
  dataKind(uri: string): PathKind | undefined;
  dataNames(uri: string, most?: number): readonly string[];
  /** Is told of work on a file, and throws where it is more than the limits. */
  effortFor(uri: string, limits: Limits): Effort | undefined;
  /** Another step is taken, between which and the one before others could be heard. */
  stepped(): void;
}

/**
 * What features derive from a snapshot. Fields and not maps by snapshot: garbage collections of young objects take
 * the entries of a `WeakMap` whose key has grown old for alive, and with them the spaces of old versions.
 */
export interface Derived {
  blocks?: ReadonlyMap<string, NamedBlock>;
  costs?: readonly SpaceCost[];
  layers?: readonly LayerCost[];
  uses?: readonly UseCost[];
  /** What the architecture that the page of costs shows keeps alive. */
  shown?: Map<SearchSpace, Map<Target, VisitedMemory | undefined>>;
  views?: readonly ConstraintView[];
  /** Where the file says that data is. */
  dataPaths?: readonly string[];
  /** What stands for the problems that were told last, with these settings. */
  report?: { readonly settings: Settings; readonly resultId: string };
}

const foreign = /[\u0080-\uffff]/g;

export class Snapshot {
  readonly uri: string;
  /** As the client counts; `undefined` for a file on disk. */
  readonly version: number | undefined;
  readonly lines: Lines;
  derived: Derived = {};
  readonly #sources: Sources;
  /** What this text was made from, until it has been parsed. */
  #before: { readonly parse: ParseResult; readonly change: Change } | undefined;
  #parse: ParseResult | undefined;
  #analysis: Analysis | undefined;
  /** What is left of the analysis while it is under way. */
  #analysing: Steps<Analysis> | undefined;
  #imports: readonly string[] | undefined;
  #exports: readonly Exported[] | undefined;
  #profiles: KnownProfiles | undefined;
  #weight: number | undefined;
  /** Spaces of this and earlier versions. */
  #built = new Built();

  constructor(uri: string, version: number | undefined, lines: Lines, sources: Sources) {
    this.uri = uri;
    this.version = version;
    this.lines = lines;
    this.#sources = sources;
  }

  get text(): string {
    return this.lines.text;
  }

  /** UTF-16 code units of the text; those of other alphabets, which take the lexer longest, count threefold. */
  get weight(): number {
    return (this.#weight ??= this.text.length + 2 * (this.text.match(foreign)?.length ?? 0));
  }

  get parse(): ParseResult {
    return (this.#parse ??= this.#read());
  }

  #read(): ParseResult {
    const before = this.#before;
    this.#before = undefined;
    const read = (text: string): ParseResult => parse(text, this.effort);
    const again = before === undefined ? undefined : reparse(before.parse, this.text, before.change, read);
    return again ?? read(this.text);
  }

  get analysis(): Analysis {
    for (;;) {
      const analysis = this.#analysis ?? this.#analyseOn();
      if (analysis !== undefined) return analysis;
      this.#sources.stepped();
    }
  }

  /** The next step of the analysis; what it comes to after the last. */
  #analyseOn(): Analysis | undefined {
    const steps = (this.#analysing ??= this.#analysisInSteps());
    this.#analysing = undefined;
    const step = steps.next();
    if (step.done === true) return (this.#analysis = step.value);
    // Not where the step has thrown.
    this.#analysing = steps;
    return undefined;
  }

  #analysisInSteps(): Steps<Analysis> {
    return analysisInSteps(
      this.uri,
      {
        // This very version of the file, whatever has been typed since.
        read: (path) =>
          path === this.uri ? { text: this.text, parse: this.parse } : this.#sources.read(path),
        resolve: (from, specifier) => this.#sources.resolve(from, specifier),
        instead: (path) => this.#sources.instead?.(path),
      },
      memoryOf(this, this.#built),
      this.#sources.effortFor(this.uri, divided),
    );
  }

  /** Is told of what is worked out, and cannot be divided. */
  get effort(): Effort | undefined {
    return this.#sources.effortFor(this.uri, undivided);
  }

  /** Whether anything is kept beside the text. */
  get holdsMore(): boolean {
    return this.#parse !== undefined || this.#before !== undefined;
  }

  /** Whether the meaning is known, so that what only rests on it costs nobody time. */
  get isWorkedOut(): boolean {
    return this.#analysis !== undefined;
  }

  /** Forgets what can be worked out again; what was told of this version stays known. */
  letGo(): void {
    this.#before = undefined;
    this.#parse = undefined;
    this.#analysis = undefined;
    this.#analysing = undefined;
    this.#built = new Built();
    const { report, dataPaths } = this.derived;
    this.derived = { ...(report && { report }), ...(dataPaths && { dataPaths }) };
  }

  /** URIs of the files that this one imports. */
  get imports(): readonly string[] {
    return (this.#imports ??= importedPaths(this.text).map((path) => this.#sources.resolve(this.uri, path)));
  }

  /** The blocks and cells that other files can import from this one; it is not read for that. */
  get exports(): readonly Exported[] {
    return this.#parse === undefined
      ? (this.#exports ??= exportsOfText(this.text))
      : exportsOfTree(this.#parse, this.text);
  }

  /** The boards and runtimes that targets in this file can name. */
  get profiles(): KnownProfiles {
    return (this.#profiles ??= this.#sources.profiles(this.uri));
  }

  /** The nodes that hold the offset, outermost first. */
  path(offset: number): Node[] {
    return pathAt(this.parse.file, offset);
  }

  edited(version: number, edited: Edited): Snapshot {
    const snapshot = new Snapshot(this.uri, version, edited.lines, this.#sources);
    snapshot.#built = this.#built;
    const { change } = edited;
    if (change !== undefined && this.#parse !== undefined) snapshot.#before = { parse: this.#parse, change };
    else if (change !== undefined && this.#before !== undefined) {
      // Two edits came before anybody asked: together they are one.
      snapshot.#before = { parse: this.#before.parse, change: joined(this.#before.change, change) };
    }
    return snapshot;
  }

  /** What a space that was kept from an earlier version costs. */
  costBefore(space: SearchSpace): SpaceCost | undefined {
    return keptCost(this.#built, space);
  }

  /** Keeps a cost for as long as its space is kept. */
  keepCost(cost: SpaceCost): void {
    keepCost(this.#built, cost);
  }

  /** Another file, as its version belongs to this one. */
  other(uri: string): Snapshot | undefined {
    return this.#sources.snapshot(uri);
  }

  /** The URI that a path in this file means. */
  resolve(specifier: string): string {
    return this.#sources.resolve(this.uri, specifier);
  }

  /** What lies at a path of data, as {@link Sources.dataKind}. */
  dataKind(specifier: string): PathKind | undefined {
    return this.#sources.dataKind(this.resolve(specifier));
  }

  /** What a folder of data holds, at most so many names of it. */
  dataNames(specifier: string, most?: number): readonly string[] {
    return this.#sources.dataNames(this.resolve(specifier), most);
  }

  /** Computes a phase now, so that whoever asks next finds it done. */
  reach(phase: Phase): void {
    finished(this.steps(phase));
  }

  /** The same in steps, with one before each phase and one after the last. */
  *steps(needs: Phase): Steps<void> {
    for (const phase of phases.slice(0, phases.indexOf(needs) + 1)) {
      for (const step of this.#stepsOf(phase)) {
        yield step;
        this.#sources.stepped();
      }
    }
    yield;
  }

  *#stepsOf(phase: Phase): Steps<void> {
    yield;
    if (phase === 'tree') this.#parse ??= this.#read();
    else if (phase === 'meaning') while ((this.#analysis ?? this.#analyseOn()) === undefined) yield;
    else if (phase === 'cost') yield* costsInSteps(this);
  }

  /** The same text, read again in a world where another file has changed. */
  renewed(): Snapshot {
    const snapshot = new Snapshot(this.uri, this.version, this.lines, this.#sources);
    snapshot.#parse = this.#parse;
    snapshot.#built = this.#built;
    snapshot.#imports = this.#imports;
    return snapshot;
  }
}
