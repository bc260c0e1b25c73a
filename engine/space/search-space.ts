/** A space that can be counted, drawn from, lowered and bounded: the face of `graph/` and `program/`. */

import type { SpaceDeclaration, Span, Statement } from '../../grammar/ast.ts';
import { additiveBounds } from './graph/bounds.ts';
import { enumerateDecisions } from './graph/enumerate.ts';
import { type Graph, isLive } from './graph/node.ts';
import { inputShapes } from './graph/shapes.ts';
import {
  crossDecisions,
  extremeDecisions,
  mutateDecisions,
  sampleDecisions,
  trySample,
} from './graph/vary.ts';
import { lowerDecisions } from './lower.ts';
import { normalizeDecisions } from './normalize.ts';
import type { Network, Shape } from './network.ts';
import { printArchitecture } from './print.ts';
import { SpaceBuilder, type SpaceSource } from './space-builder.ts';
import { shortName } from './hash.ts';
import { finished } from './steps.ts';
import { trainingProblems } from './training/problems.ts';
import type {
  AdditiveBounds,
  AdditiveMeasure,
  Choice,
  DatasetSetting,
  Decisions,
  Problem,
  RandomSource,
  SearchSpace,
} from './types.ts';

export interface SpaceParts {
  readonly name: string;
  readonly source: SpaceSource;
  readonly graph: Graph;
  /** Text of the declarations that an architecture keeps: target, dataset, constraints and so on. */
  readonly settingsText: string;
  /** No problem makes it impossible to build an architecture. */
  readonly sound: boolean;
}

export class ElaboratedSpace implements SearchSpace {
  readonly name: string;
  readonly declaration: SpaceDeclaration;
  readonly file: string;
  readonly inputShapes: readonly Shape[];
  readonly classes: number;
  readonly choices: readonly Choice[];
  readonly choicePlaces: readonly Span[];
  readonly usable: boolean;
  /** What it was made of. */
  readonly parts: SpaceParts;
  private built: Graph;

  constructor(parts: SpaceParts) {
    this.name = parts.name;
    const { declaration, file, classes } = parts.source;
    this.parts = parts;
    this.declaration = declaration;
    this.file = file.file;
    this.inputShapes = parts.graph.program.inputs.map(({ shape }) => shape);
    this.classes = classes;
    this.built = parts.graph;
    this.choices = parts.graph.program.choices;
    this.choicePlaces = parts.graph.program.choicePlaces;
    this.usable = parts.sound && isLive(parts.graph.root);
  }

  /** See {@link isSuperseded}. */
  get isSuperseded(): boolean {
    return this.built.isSuperseded;
  }

  /** Built again where a later version of the text has taken it apart. */
  get graph(): Graph {
    if (this.built.isSuperseded)
      this.built = finished(new SpaceBuilder().build(this.parts.source, () => undefined));
    return this.built;
  }

  problemsWith(dataset: DatasetSetting): readonly Problem[] {
    const { declaration, file } = this.parts.source;
    return trainingProblems({ graph: this.graph, declaration, file, dataset });
  }

  size(): { readonly count: bigint; readonly exact: boolean } {
    return { count: this.graph.total, exact: this.graph.isCounted };
  }

  sample(random: RandomSource): Decisions {
    return sampleDecisions(this.graph, random);
  }

  trySample(random: RandomSource): Decisions | undefined {
    return trySample(this.graph, random);
  }

  mutate(decisions: Decisions, random: RandomSource): Decisions {
    return mutateDecisions(this.graph, decisions, random);
  }

  crossover(a: Decisions, b: Decisions, random: RandomSource): Decisions {
    return crossDecisions(this.graph, a, b, random);
  }

  extreme(which: 'min' | 'max'): Decisions {
    return extremeDecisions(this.graph, which);
  }

  enumerate(): Iterable<Decisions> {
    const { graph } = this;
    return { [Symbol.iterator]: () => enumerateDecisions(graph) };
  }

  normalize(decisions: Decisions): { readonly decisions: Decisions } | { readonly error: string } {
    return normalizeDecisions(this.graph, decisions);
  }

  nameOf(decisions: Decisions): string {
    const entries = Object.entries(decisions).sort(([left], [right]) => (left < right ? -1 : 1));
    return shortName(entries.map(([id, option]) => `${id}=${option}`).join(';'));
  }

  lower(decisions: Decisions): Network {
    return lowerDecisions(this.name, this.graph, decisions);
  }

  print(decisions: Decisions): string {
    return printArchitecture(this.lower(decisions), this.parts.settingsText);
  }

  bounds(measure: AdditiveMeasure): AdditiveBounds {
    return additiveBounds(this.graph, measure);
  }

  inputsOf(layer: Statement): readonly Shape[] | undefined {
    return inputShapes(this.graph, layer);
  }
}

/** The space as analysis has built it, from which everything is worked out. Throws `TypeError` for what is no such space. */
export function elaborated(space: SearchSpace): ElaboratedSpace {
  if (space instanceof ElaboratedSpace) return space;
  throw new TypeError('Only a space that analysis has built from a text has a graph.');
}

/**
 * Whether a later version of the text has taken apart what the space was made of. It still answers, by being built
 * again, but work that began before must stop.
 */
export function isSuperseded(space: SearchSpace): boolean {
  return space instanceof ElaboratedSpace && space.isSuperseded;
}
