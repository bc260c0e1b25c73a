/**
 * Networks of every operator that can be trained, written at random from the examples of the rows, with weights as
 * training leaves them at its worst.
 */

import { parse } from '../../../grammar/index.ts';
import { analyse, operators, type OperatorParameter } from '../../space/index.ts';
import type { ValueKind } from '../../operators/attribute.ts';
import type { Network } from '../../space/network.ts';
import { quantize } from '../../train/index.ts';
import { type Random, random } from '../../train/random.ts';
import { fold, initialState, type OpState } from '../../train/state.ts';
import { trainableExamples } from '../../train/testing.ts';
import type { QuantizedNetwork } from '../../space/trained.ts';

export interface RandomModel {
  readonly program: string;
  readonly quantized: QuantizedNetwork;
  /** Images of nothing, of all there is, and of chance. */
  readonly inputs: readonly Int8Array[];
}

const CALIBRATION_IMAGES = 8;
const INPUTS = 5;

/** The model of the first program from `seed` on that has no errors, and the seed after it. Needs a backend. */
export function randomModel(seed: number): { readonly model: RandomModel; readonly next: number } {
  for (let at = seed; ; at++) {
    const program = randomProgram(random(at, 'program'));
    const network = lowered(program);
    if (network !== undefined) return { model: modelOf(program, network, at), next: at + 1 };
  }
}

function pick<T>(source: Random, ...options: readonly [T, ...T[]]): T {
  return options[source.int(options.length)] ?? options[0];
}

const oneOf = <T>(source: Random, options: readonly T[]): T | undefined =>
  options[source.int(options.length)];

/** Layers that can be trained, by the examples of the rows and of words that stand for several. */
const layers: readonly string[] = [...trainableExamples('8x8x4').keys()];

/** What a word may say of another value; nothing for what follows from the tensors around it. */
const drawn: Readonly<
  Record<ValueKind, (source: Random, parameter: OperatorParameter) => string | undefined>
> = {
  pair: (source) => `${String(pick(source, 1, 2, 3, 3, 5))}x${String(pick(source, 1, 2, 3, 3, 4))}`,
  count: (source) => String(pick(source, 1, 2, 3, 4, 6, 17)),
  number: (source) => pick(source, '0.25', '0.75'),
  word: (source, { words = [] }) => oneOf(source, words),
  switch: (source, { words = [] }) => oneOf(source, words),
  dims: () => undefined,
  tensor: () => undefined,
};

/** A layer of an example with other values and with what may follow it. */
function varied(layer: string, source: Random): string {
  const [written = '', ...followers] = layer.split(/, (?![^(]*\))/);
  const info = operators.get(/^\w+/.exec(written)?.[0] ?? '');
  if (info === undefined) return layer;
  let text = written;
  const { operand, parameters } = info;
  const change = (parameter: OperatorParameter, before: string): void => {
    const value = drawn[parameter.kind](source, parameter);
    if (value === undefined || source.int(2) === 0) return;
    const found = new RegExp(`(?<=${before} )[\\w.]+`);
    if (found.test(text)) text = text.replace(found, value);
    else if (parameter !== operand && source.int(2) === 0) text += ` ${parameter.name} ${value}`;
  };
  if (operand !== undefined) change(operand, `^${info.name}`);
  for (const parameter of parameters) change(parameter, ` ${parameter.name}`);
  const norm = info.followers.includes('bn') ? pick(source, [], ['bn']) : [];
  const activation = oneOf(
    source,
    info.followers.filter((name) => name !== 'bn'),
  );
  const drawnFollowers = [...norm, ...(activation === undefined ? [] : [activation])];
  return [text, ...pick(source, followers, [], drawnFollowers)].join(', ');
}

/** An example with other values, behind the tensors that it joins. */
function block(source: Random, names: () => string): readonly string[] {
  const example = oneOf(source, layers) ?? '';
  const named = new Map<string, string>();
  const nameOf = (name: string): string => {
    const known = named.get(name) ?? names();
    named.set(name, known);
    return known;
  };
  const statements = example
    .split(';')
    .map((layer) => varied(layer.trim(), source))
    .map((layer) =>
      layer.replace(/(?<=\()\w+(?:, \w+)*(?=\))|(?<= (?:as|from) )\w+/g, (names) =>
        names.split(', ').map(nameOf).join(', '),
      ),
    );
  const given = ['a', 'b'].flatMap((name) => named.get(name) ?? []);
  return [...given.map((name) => `${varied('conv 3x3 -> 4', source)} as ${name}`), ...statements];
}

/** A program of blocks that fit: what does not is tried behind an image of the examples, and left out at last. */
function randomProgram(source: Random): string {
  let names = 0;
  const size = () => String(5 + source.int(9));
  let lines: readonly string[] = [`input ${size()}x${size()}x${String(1 + source.int(4))}`];
  for (let left = 2 + source.int(6); left > 0; left--) {
    const next = block(source, () => `t${String(names++)}`);
    const longer = [
      [...lines, ...next],
      [...lines, 'resize 8x8', 'conv 1x1 -> 4', ...next],
    ];
    lines = longer.find((each) => lowered(programOf(each)) !== undefined) ?? lines;
  }
  // One dense layer at the end, since LiteRT rounds that otherwise than TensorFlow Lite Micro.
  const end = [[pick(source, 'gap', 'gmp', 'flatten')], ['flatten']];
  const ended = end.map((each) => programOf([...lines, ...each, 'dense -> 4']));
  return ended.find((each) => lowered(each) !== undefined) ?? '';
}

const programOf = (lines: readonly string[]): string =>
  `space s {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;

function lowered(program: string): Network | undefined {
  const file = '/random.nas';
  const tree = parse(program);
  const { problems, spaces } = analyse(file, {
    resolve: (_, specifier) => specifier,
    read: () => ({ text: program, parse: tree }),
  });
  if (tree.problems.length > 0 || problems.some(({ severity }) => severity === 'error')) return undefined;
  return spaces[0]?.lower({});
}

function modelOf(program: string, network: Network, seed: number): RandomModel {
  const source = random(seed, 'numbers');
  const state = initialState(network, seed);
  for (const own of state.values()) disfigure(own, source);
  const image = network.tensors.find(({ id }) => id === network.inputs[0])?.shape ?? [];
  const size = image.reduce((product, extent) => product * extent, 1);
  const images = Float32Array.from({ length: CALIBRATION_IMAGES * size }, () => source.int(256) / 255);
  const quantized = quantize(fold(network, state), images, { input: { scale: 1 / 255, offset: 0 } });
  const inputs = Array.from({ length: INPUTS }, (_, i) =>
    Int8Array.from({ length: size }, () => (i === 0 ? -128 : i === 1 ? 127 : source.int(256) - 128)),
  );
  return { program, quantized, inputs };
}

/** Filters and layers of nothing, of ranges that differ by orders of magnitude, with one weight far from all others. */
function disfigure({ weights, bias, norm }: OpState, source: Random): void {
  const outputs = bias.length;
  const spread = pick(source, 0, 0.1, 1, 20);
  bias.forEach((_, i) => (bias[i] = spread * source.normal()));
  norm?.gamma.forEach((_, i) => {
    norm.gamma[i] = pick(source, 0, 1, 1e-3, 3) * source.normal();
    norm.mean[i] = source.normal();
    norm.variance[i] = 10 ** (3 * source.unit() - 2);
  });
  const scale = pick(
    source,
    () => 1,
    (i: number) => (i % outputs === 0 ? 0 : 1),
    (i: number) => 10 ** ((i % outputs) / outputs - 1),
    () => 0,
  );
  weights.forEach((value, i) => (weights[i] = value * scale(i)));
  if (source.int(5) === 0) weights[source.int(weights.length)] = 100;
}
