/**
 * The public shapes of `engine/space`: what a program means.
 *
 * A *space* contains *choices*; fixing all choices that are in play gives an *architecture*; lowering an
 * architecture gives a {@link Network}. Everything is pure: same sources in, same answer out.
 */

import type { Declaration, ParseResult, Span, Statement } from '../../grammar/ast.ts';
import type { Metric } from './metrics.ts';
import type { Network, Op, Shape, SourceRef } from './network.ts';

/** How the analysis reaches other files. Pure: the caller has loaded what it can before. */
export interface SourceProvider {
  /** The parse of an imported file, or `undefined` when it cannot be read. `path` is resolved already. */
  read(path: string): { readonly text: string; readonly parse: ParseResult } | undefined;
  /** What lies there in place of a regular file, as in "is a folder"; `undefined` where that is not known. */
  instead?(path: string): string | undefined;
  /** The path that `specifier` means when imported from `from`. */
  resolve(from: string, specifier: string): string;
}

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** A problem of meaning. Codes are documented one page each in `docs/diagnostics/<code>.md`. */
export interface Problem extends Span {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly file: string;
  readonly related: readonly { readonly file: string; readonly span: Span; readonly message: string }[];
  /** Edits that mend it, most likely first. */
  readonly fixes: readonly Fix[];
}

export interface Fix {
  readonly title: string;
  readonly preferred: boolean;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
}

export type ChoiceKind = 'value' | 'operator' | 'alternative' | 'repeat' | 'optional' | 'edge';

/** One decision. */
export interface Choice {
  /**
   * Stable and readable: the path of uses down to the place, e.g. `w` for a tie, `MB.3[1]/t` for the `let t`
   * in the second repetition of the third use of MB. Unique in the space; unaffected by edits elsewhere in
   * the text as far as can be.
   */
  readonly id: string;
  readonly kind: ChoiceKind;
  /** What can be chosen, as shown to a person. Numbers stay numbers. */
  readonly options: readonly (number | string)[];
  readonly source: SourceRef;
}

/**
 * One architecture: the option index of every choice that is in play, by choice id. Choices that the others
 * make irrelevant (inside a repetition that is not there) are absent, so that two equal architectures are
 * equal maps.
 */
export type Decisions = Readonly<Record<string, number>>;

/** A source of uniform random integers; seeded by the caller. */
export interface RandomSource {
  /** Uniform in `[0, below)`; `below` is an integer in `[1, 2^32]`. */
  nextInt(below: number): number;
  /** Uniform in `[0, below)` for any positive bigint. */
  nextBigInt(below: bigint): bigint;
}

/** The values and types known of a name, for hovers and completion. */
export interface SymbolInfo {
  readonly name: string;
  readonly kind:
    'block' | 'cell' | 'space' | 'tie' | 'let' | 'parameter' | 'tensor' | 'symbol' | 'function' | 'operator';
  readonly definition: { readonly file: string; readonly span: Span } | undefined;
  /** The values it can take over the space, if few enough to list, in ascending order. */
  readonly values: readonly (number | string)[] | undefined;
  readonly documentation: string | undefined;
}

/** A use of a name. `span` covers the name alone. */
export interface Reference {
  readonly file: string;
  readonly span: Span;
  readonly symbol: SymbolInfo;
  readonly access: 'definition' | 'read';
}

/**
 * A program that has been understood as far as it is whole.
 * `space` is absent when the file declares none or it is too broken to say anything.
 */
export interface Analysis {
  readonly file: string;
  readonly parse: ParseResult;
  readonly problems: readonly Problem[];
  readonly spaces: readonly SearchSpace[];
  readonly settings: ProgramSettings;
  readonly references: readonly Reference[];
}

/** The declarations around the spaces, with names checked and units converted. */
export interface ProgramSettings {
  readonly targets: readonly TargetSetting[];
  readonly dataset: DatasetSetting | undefined;
  /** Number formats that the file names, `['int8']` when it names none. Networks are int8 whatever they are. */
  readonly quantize: readonly string[];
  readonly constraints: readonly ConstraintSetting[];
  readonly objectives: readonly ObjectiveSetting[];
  readonly search: SearchSetting | undefined;
}

/** Every so long an inference, and sleep until the next. */
export interface Schedule {
  readonly everyMs: number;
  /** What the board draws asleep, all memory kept, by the file instead of by its profile. */
  readonly sleepMicrowatts?: number;
  readonly battery?: Battery;
}

export interface Battery {
  readonly milliampHours: number;
  readonly volts: number;
}

export interface TargetSetting {
  readonly board: string;
  /** e.g. `tflm + cmsis-nn`; the board's default when undefined. */
  readonly runtime: string | undefined;
  /** Of the compiler, e.g. `O3`; those that are usual on the board when absent. */
  readonly flags?: string;
  /** Hz */
  readonly clockHz: number | undefined;
  readonly schedule?: Schedule;
  readonly source: SourceRef;
  /** Where each setting stands, by its name. */
  readonly places: Readonly<Record<string, SourceRef>>;
}

export interface DatasetSetting {
  readonly name: string;
  /** The unnamed argument, as written: a path relative to the file. */
  readonly path: string | undefined;
  /** The size of its samples; where that is a choice, the one with most numbers, from which others are made. */
  readonly input: Shape | undefined;
  /** Every size that is written: several where it is a choice. */
  readonly inputs?: readonly Shape[];
  readonly classes: number | undefined;
  /** Images used to calibrate quantisation. */
  readonly calibrate: number | undefined;
  /** Everything else that was written, unit-converted: numbers, words or nested lists. */
  readonly options: Readonly<Record<string, SettingValue>>;
  readonly source: SourceRef;
  /** Where each setting stands, by its name. */
  readonly places?: Readonly<Record<string, SourceRef>> | undefined;
}

export type SettingValue =
  number | string | boolean | readonly SettingValue[] | { readonly [key: string]: SettingValue };

export interface ConstraintSetting {
  readonly metric: Metric;
  readonly operator: '<' | '<=' | '>' | '>=' | '==';
  /** In the unit of the metric; see `measures` in metrics.ts. */
  readonly bound: number;
  /** Board id when it applies to one target only. */
  readonly on: string | undefined;
  readonly source: SourceRef;
  /** Nobody wrote it: it follows from a schedule. */
  readonly implied?: true;
}

export interface ObjectiveSetting {
  readonly direction: 'max' | 'min';
  readonly metric: ConstraintSetting['metric'];
  readonly weight: number;
  readonly on: string | undefined;
  readonly source: SourceRef;
}

export interface SearchSetting {
  readonly strategy: string;
  /** What only this strategy has, as written. */
  readonly strategySettings: Readonly<Record<string, number>>;
  readonly trials: number | undefined;
  /** Seconds. */
  readonly budgetSeconds: number | undefined;
  /** Epochs, least and most. */
  readonly fidelity: { readonly low: number; readonly high: number } | undefined;
  readonly seed: number | undefined;
  readonly options: Readonly<Record<string, SettingValue>>;
  readonly source: SourceRef;
}

/** A measure that adds up over operators, for bounds. Several at once share one walk. */
export interface AdditiveMeasure {
  /**
   * Writes the measures of one operator into `out` (length {@link width}). Must depend on nothing but the
   * operator's attributes and the shapes and number formats of its tensors, and grow with channels.
   */
  measure(op: Op, inputShapes: readonly Shape[], outputShape: Shape, out: Float64Array): void;
  readonly width: number;
}

/** Over all architectures of a space, per measure. */
export type AdditiveBounds = readonly {
  readonly low: number;
  readonly high: number;
  readonly exact: boolean;
}[];

/** A space that can be counted, drawn from and lowered. */
export interface SearchSpace {
  readonly name: string;
  readonly declaration: Extract<Declaration, { kind: 'space' }>;
  readonly file: string;
  /** What the network can be given; more than one where the input is a choice. */
  readonly inputShapes: readonly Shape[];
  readonly classes: number;
  readonly choices: readonly Choice[];
  /** Where each of them stands in its file as it is now, though blanks were typed since the space was built. */
  readonly choicePlaces: readonly Span[];
  /** False when problems make it impossible to build an architecture. */
  readonly usable: boolean;

  /** Number of architectures; exact unless `exact` is false, when it is an upper bound. */
  size(): { readonly count: bigint; readonly exact: boolean };
  /**
   * Uniform over architectures where {@link size} is exact; else each option alike, and what is excluded is thrown away.
   * Throws `NoArchitecture` when hardly anything is left.
   */
  sample(random: RandomSource): Decisions;
  /** One attempt at {@link sample}; `undefined` when what was drawn is excluded. */
  trySample(random: RandomSource): Decisions | undefined;
  /** Changes one choice (and redraws what the change brings into play). Never returns its argument's equal when the space has two or more architectures. */
  mutate(decisions: Decisions, random: RandomSource): Decisions;
  /** Every choice of the child is that of one parent wherever that is in play. */
  crossover(a: Decisions, b: Decisions, random: RandomSource): Decisions;
  /** All option indices least / greatest in the order written, as far as `require` allows. */
  extreme(which: 'min' | 'max'): Decisions;
  /** All architectures, lazily, in a stable order. */
  enumerate(): Iterable<Decisions>;
  /** Fills in, drops and checks: the canonical form, or the reason why `decisions` is not of this space. */
  normalize(decisions: Decisions): { readonly decisions: Decisions } | { readonly error: string };
  /** A short stable name, the same for equal decisions, e.g. `a3f9-1c02`. */
  nameOf(decisions: Decisions): string;
  /** The network that the decisions mean. Names, shapes and order of operators are stable. */
  lower(decisions: Decisions): Network;
  /** The decisions as a `.nas` text with no choices left, which lowers to the same network. */
  print(decisions: Decisions): string;

  /** What keeps it from being trained on a dataset, such as one that was opened and tells more than is declared. */
  problemsWith(dataset: DatasetSetting): readonly Problem[];
  /** Sound bounds of additive measures, by dynamic programming over shapes. */
  bounds(measure: AdditiveMeasure): AdditiveBounds;
  /** The shapes that a layer reads in any architecture, each once; `undefined` where states were merged. */
  inputsOf(layer: Statement): readonly Shape[] | undefined;
}
