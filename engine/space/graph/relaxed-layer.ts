/**
 * What a layer does to sets of tensors. Where few combinations of tensors and attributes meet, each is built; else
 * they are divided into frames, in which all but the numbers of channels is known, and every frame is built with the
 * fewest and the most channels. That is enough because what TFLite's operators put out has a size that does not
 * depend on channels, and channels that grow with channels.
 */

import type { Making } from '../../operators/word.ts';
import { operators } from '../../operators/words.ts';
import type { Compiled } from '../program/compile.ts';
import { followersAt, slotsOfFollowers } from '../program/followers.ts';
import { applyLayer } from '../program/layer.ts';
import type { Layer, LayerOp } from '../program/layer.ts';
import type { InternedOp, LayerInstruction, LayerOutcome, Program } from '../program/instructions.ts';
import type { Finding } from '../problems/problem.ts';
import type { Registers, Slot } from '../program/slots.ts';
import type { Spread, SpreadFrame } from '../program/spread.ts';
import type { TensorType } from '../program/tensor-types.ts';
import { combined, extentsOf, intersection, one, stepOf } from './extents.ts';
import type { Extents } from './extents.ts';
import { MOST_COMBINATIONS, combinations, combinationsOf, hullIn, valuesOf } from './relaxed-state.ts';
import type { RelaxedState } from './relaxed-state.ts';
import { setOf, sharedSizes, unionOf } from './tensor-sets.ts';
import type { Size, TensorSet, Variant } from './tensor-sets.ts';

/** Combinations that are built one by one. */
const FEW = 48;

type End = 'low' | 'high';

/** How many channels all of them have; `undefined` where they differ. */
function onlyOf(types: readonly (TensorType | undefined)[]): number | undefined {
  const counts = new Set(types.map((type) => type?.shape.at(-1)));
  return counts.size === 1 ? [...counts][0] : undefined;
}

/** A vector counts as one. */
const isOnePixel = (size: Size | undefined): boolean =>
  size === undefined || (size[0] === 1 && size[1] === 1);

const ends: readonly End[] = ['low', 'high'];

/** Nothing can be said of the layer: it has too many combinations, or does something of its own with them. */
export class Unbounded extends Error {}

export interface RelaxedOutcome {
  /** What the layer can come to, or two that everything lies between; none when no combination fits. */
  readonly outcomes: readonly LayerOutcome[];
  readonly output: TensorSet | undefined;
  /** Some combination does not fit, so that not every path is an architecture. */
  readonly excludes: boolean;
  /** Why one of them does not. */
  readonly failure: Finding | undefined;
}

/** Throws {@link Unbounded}. */
export function relaxedOutcome(
  program: Program,
  instruction: LayerInstruction,
  state: RelaxedState,
  few = FEW,
): RelaxedOutcome {
  if (instruction.inputs.some(({ register }) => (state.registers[register] ?? 0) === 0))
    return { outcomes: [], output: undefined, excludes: true, failure: undefined };
  const count = combinationsOf(instruction.reads, state);
  if (count <= few) return oneByOne(program, instruction, state);
  try {
    return new Frames(program, instruction, state).outcome();
  } catch (error) {
    if (!(error instanceof Unbounded) || count > MOST_COMBINATIONS) throw error;
    return oneByOne(program, instruction, state);
  }
}

function oneByOne(program: Program, instruction: LayerInstruction, state: RelaxedState): RelaxedOutcome {
  const outcomes = new Set<LayerOutcome>();
  let output: TensorSet | undefined;
  let failure: Finding | undefined;
  for (const registers of combinations(instruction.reads, state, program)) {
    const outcome = program.operators.run(instruction, registers);
    if (outcome.output === undefined) {
      if (outcome.failure === undefined) throw new Unbounded();
      failure ??= outcome.failure;
      continue;
    }
    outcomes.add(outcome);
    const set = setOf(outcome.output);
    if (set === undefined) throw new Unbounded();
    output = output === undefined ? set : unionOf(output, set);
  }
  return { outcomes: [...outcomes], output, excludes: failure !== undefined, failure };
}

/** The first operator that layers of this word become, and what it does to channels. Throws {@link Unbounded}. */
function makingOf(operator: string): Making {
  const makes = operators.get(operator)?.makes;
  if (makes === undefined || makes.channels.by === 'unknown') throw new Unbounded();
  return makes;
}

class Frames {
  private readonly program: Program;
  private readonly instruction: LayerInstruction;
  private readonly state: RelaxedState;
  /** Of layers that become the same operators, by these: what follows can be one that is free or one of its own. */
  private readonly frames = new Map<string, SpreadFrame[][]>();
  private readonly channels = new Map<Extents, Map<Extents, Extents>>();
  private output: TensorSet | undefined;
  private excludes = false;
  private failure: Finding | undefined;
  private built = 0;

  constructor(program: Program, instruction: LayerInstruction, state: RelaxedState) {
    this.program = program;
    this.instruction = instruction;
    this.state = state;
  }

  outcome(): RelaxedOutcome {
    const { instruction, state, program } = this;
    const { channelsAt } = makingOf(instruction.operator);
    const channels = instruction.attributes.find(({ name }) => name === channelsAt)?.value;
    const others = instruction.attributes.filter(({ value }) => value !== channels);
    if (others.some((attribute) => attribute.name === 'axis')) throw new Unbounded();
    const slots = new Set<Slot>();
    for (const { value } of others) for (const slot of value.reads) slots.add(slot);
    for (const slot of slotsOfFollowers(instruction.followers)) slots.add(slot);
    const read = [...slots];
    if (combinationsOf(read, state) > MOST_COMBINATIONS) throw new Unbounded();
    const wanted = channels && this.countsOf(channels);
    const inputs = instruction.inputs.map(({ register }) => state.tensors[register] ?? []);
    for (const variants of product(inputs)) {
      for (const joined of this.joined(variants)) {
        for (const registers of combinations(read, state, program)) this.build(joined, wanted, registers);
      }
    }
    const isNone = this.output === undefined;
    const outcomes = isNone
      ? []
      : [...this.frames.values()].flatMap((frames) => [this.side(frames, 'low'), this.side(frames, 'high')]);
    return { outcomes, output: this.output, excludes: this.excludes, failure: this.failure };
  }

  /** Numbers of channels as layers take them. */
  private countsOf(channels: Compiled): Extents {
    const { instruction, program, state } = this;
    const least = makingOf(instruction.operator).channels.by === 'plus' ? 0 : 1;
    const values = valuesOf(channels, state, program);
    if (values === undefined) {
      const hull = hullIn(channels, state);
      if (hull === undefined || Math.round(hull.high) < least) throw new Unbounded();
      this.excludes = true;
      const low = Math.max(least, Math.round(hull.low));
      return { low, high: Math.round(hull.high), values: undefined };
    }
    const counts: number[] = [];
    for (const value of values) {
      if (typeof value !== 'number') throw new Unbounded();
      if (Math.round(value) >= least) counts.push(Math.round(value));
      else this.excludes = true;
    }
    const found = extentsOf(counts);
    if (found === undefined) throw new Unbounded();
    return found;
  }

  /** Inputs as they must fit each other, with the sizes that they share. */
  private joined(variants: readonly Variant[]): readonly (readonly Variant[])[] {
    const { joins } = makingOf(this.instruction.operator);
    const [first, ...rest] = variants;
    if (first === undefined || rest.length === 0) return [variants];
    this.excludes = true;
    if (joins === 'single') throw new Unbounded();
    const isSum = joins === 'broadcast';
    if (isSum && !this.instruction.attributes.some(({ name }) => name === 'exact'))
      return this.broadcast(first, rest[0]);
    let sizes = first.sizes;
    let channels: Extents | undefined = first.channels;
    for (const variant of rest) {
      if ((variant.sizes === undefined) !== (sizes === undefined)) return [];
      if (sizes !== undefined) sizes = sharedSizes(sizes, variant.sizes ?? []);
      if (isSum && channels !== undefined) channels = intersection(channels, variant.channels);
    }
    if (channels === undefined || sizes?.length === 0) return [];
    // Sizes that meet are equal; frames go through them one by one.
    const shared = isSum ? channels : undefined;
    return (sizes ?? [undefined]).map((size) =>
      variants.map((variant) => ({
        ...variant,
        sizes: size && [size],
        channels: shared ?? variant.channels,
      })),
    );
  }

  /** Of one shape, or either of the two with one value per channel or per place: see `operators/broadcast.ts`. */
  private broadcast(left: Variant, right: Variant | undefined): readonly (readonly Variant[])[] {
    if (right === undefined) return [];
    const both = intersection(left.channels, right.channels);
    const [leftOne, rightOne] = [left, right].map(({ channels }) => intersection(channels, one(1)));
    const pairs: (readonly Variant[])[] = [];
    for (const size of left.sizes ?? [undefined]) {
      for (const other of right.sizes ?? [undefined]) {
        const fit = (ofLeft: Extents | undefined, ofRight: Extents | undefined): void => {
          if (ofLeft === undefined || ofRight === undefined) return;
          pairs.push([
            { ...left, sizes: size && [size], channels: ofLeft },
            { ...right, sizes: other && [other], channels: ofRight },
          ]);
        };
        const isSame = size?.[0] === other?.[0] && size?.[1] === other?.[1];
        if (isSame || isOnePixel(size) || isOnePixel(other)) fit(both, both);
        if (!isSame) continue;
        fit(left.channels, rightOne);
        fit(leftOne, right.channels);
      }
    }
    return pairs;
  }

  private build(variants: readonly Variant[], wanted: Extents | undefined, registers: Registers): void {
    const [first] = variants;
    if (first === undefined) throw new Unbounded();
    const isJoin = variants.length > 1;
    for (const size of isJoin ? [first.sizes?.[0]] : (first.sizes ?? [undefined])) {
      if (++this.built > MOST_COMBINATIONS) throw new Unbounded();
      this.frame(variants, isJoin ? undefined : size, wanted, registers);
    }
  }

  /** One frame: the layer with the fewest and the most channels. `size` is that of the only input. */
  private frame(
    variants: readonly Variant[],
    size: Size | undefined,
    wanted: Extents | undefined,
    registers: Registers,
  ): void {
    const { types } = this.program;
    const typeOf = ({ sizes, channels, dtype }: Variant, end: End): TensorType => {
      const [at = size] = size === undefined ? (sizes ?? []) : [size];
      return types.of(
        at === undefined || sizes === undefined ? [channels[end]] : [...at, channels[end]],
        dtype,
      );
    };
    const layers: Layer[] = [];
    let failed = 0;
    for (const end of ends) {
      const inputs = variants.map((variant) => typeOf(variant, end));
      for (const count of wanted === undefined ? [undefined] : [wanted.low, wanted.high]) {
        const result = this.apply(inputs, count, registers);
        if ('failure' in result) {
          if (result.failure === undefined) throw new Unbounded();
          this.failure ??= result.failure;
          failed++;
        } else layers.push(result);
      }
    }
    if (failed > 0) this.excludes = true;
    const [some] = layers;
    if (some === undefined) return;
    // What fits with some channels and not with others has no bounds among its corners.
    if (failed > 0) throw new Unbounded();
    const output = this.outputOf(variants, some, wanted);
    this.keep(layers, variants, output);
    this.output = this.output === undefined ? output : unionOf(this.output, output);
  }

  private apply(
    inputs: readonly TensorType[],
    count: number | undefined,
    registers: Registers,
  ): ReturnType<typeof applyLayer> {
    const { operator, attributes, followers, remedy } = this.instruction;
    const wanted = makingOf(operator).channelsAt;
    return applyLayer({
      operator,
      attributes: new Map(
        attributes.map(({ name, value }) => [name, name === wanted ? count : value.evaluate(registers)]),
      ),
      followers: followersAt(followers, registers),
      inputs,
      types: this.program.types,
      remedy,
    });
  }

  private keep(layers: readonly Layer[], [given]: readonly Variant[], [made]: TensorSet): void {
    const [first] = layers;
    const inputStep = given === undefined ? 1 : stepOf(given.channels);
    const outputStep = made === undefined ? 1 : stepOf(made.channels);
    const kinds = first?.ops.map(({ template }) => template.kind).join(' ') ?? '';
    const frames = this.frames.get(kinds) ?? [];
    this.frames.set(kinds, frames);
    first?.ops.forEach((_, index) => {
      const corners = layers.flatMap(({ ops }) => ops[index] ?? []);
      // What follows in the layer keeps what the first operator has made, or has as many channels whatever arrives.
      (frames[index] ??= []).push({
        corners,
        inputStep: onlyOf(corners.map(({ inputs }) => inputs[0])) ?? (index === 0 ? inputStep : outputStep),
        outputStep: onlyOf(corners.map(({ output }) => output)) ?? outputStep,
      });
    });
  }

  private outputOf(variants: readonly Variant[], layer: Layer, wanted: Extents | undefined): TensorSet {
    const { shape, dtype } = layer.output;
    const [first, ...rest] = variants;
    if (first === undefined || (shape.length !== 1 && shape.length !== 3)) throw new Unbounded();
    const [height = 1, width = 1] = shape;
    const sizes: readonly Size[] | undefined = shape.length === 1 ? undefined : [[height, width]];
    return [{ dtype, sizes, channels: this.channelsOf(first, rest, layer, wanted) }];
  }

  private channelsOf(
    first: Variant,
    rest: readonly Variant[],
    { output }: Layer,
    wanted: Extents | undefined,
  ): Extents {
    const { channels } = first;
    switch (makingOf(this.instruction.operator).channels.by) {
      case 'set':
        if (wanted === undefined) throw new Unbounded();
        return wanted;
      case 'times':
        return wanted === undefined ? channels : this.once(channels, wanted, (left, right) => left * right);
      case 'plus':
        return wanted === undefined ? channels : this.once(channels, wanted, (left, right) => left + right);
      case 'sum':
        return rest.reduce((sum, each) => this.once(sum, each.channels, (a, b) => a + b), channels);
      case 'flattened': {
        // Of the first corner, which has the fewest channels.
        const pixels = output.elements / channels.low;
        return combined(channels, one(pixels), (left, right) => left * right);
      }
      default: {
        // Pools, activations and sums keep the channels, of what has more than one; the first corner, which has the
        // fewest, tells whether this one does.
        const kept = rest.find((other) => other.channels.high > channels.high)?.channels ?? channels;
        if (output.shape.at(-1) !== kept.low) throw new Unbounded();
        return kept;
      }
    }
  }

  /** Every frame asks for the same. */
  private once(left: Extents, right: Extents, apply: (left: number, right: number) => number): Extents {
    let known = this.channels.get(left);
    if (known === undefined) this.channels.set(left, (known = new Map<Extents, Extents>()));
    let found = known.get(right);
    if (found === undefined) known.set(right, (found = combined(left, right, apply)));
    return found;
  }

  private side(operators: readonly (readonly SpreadFrame[])[], side: Spread['side']): LayerOutcome {
    const ops = operators.map((frames): InternedOp => {
      const op = example(frames, side);
      return this.program.operators.add(op, { side, frames });
    });
    const output = ops.at(-1)?.output;
    return { ops, output, failure: undefined, warning: undefined };
  }
}

/** The corner that a person is shown: the one that moves fewest, or most. */
function example(frames: readonly SpreadFrame[], side: Spread['side']): LayerOp {
  const sizeOf = ({ inputs, output }: LayerOp): number =>
    inputs.reduce((product, { elements }) => product * elements, output.elements);
  let found: LayerOp | undefined;
  for (const { corners } of frames) {
    for (const corner of corners) {
      const isBetter =
        found === undefined ||
        (side === 'low' ? sizeOf(corner) < sizeOf(found) : sizeOf(corner) > sizeOf(found));
      if (isBetter) found = corner;
    }
  }
  if (found === undefined) throw new Unbounded();
  return found;
}

function* product(lists: readonly TensorSet[]): Generator<readonly Variant[]> {
  const [first, ...rest] = lists;
  if (lists.every(({ length }) => length === 1)) yield lists.flat();
  else if (first !== undefined)
    for (const variant of first) for (const others of product(rest)) yield [variant, ...others];
}
