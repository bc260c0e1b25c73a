/** Networks of every operator of the language, written at random, with weights as training leaves them at its worst. */

import { parse } from '../../../grammar/index.ts';
import { analyse } from '../../space/index.ts';
import type { Network } from '../../space/network.ts';
import { quantize } from '../../train/index.ts';
import { type Random, random } from '../../train/random.ts';
import { fold, initialState, type OpState } from '../../train/state.ts';
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

/** Valid but for shapes that may not fit, and for an activation behind another. */
function randomProgram(source: Random): string {
  const lines: string[] = [];
  let names = 0;
  const name = () => `t${String(names++)}`;
  const activation = () =>
    pick(source, '', '', ', relu', ', relu6', ', tanh', ', hswish', ', sigmoid', ', leaky 0.1');
  const window = () => `${String(pick(source, 1, 2, 3, 3, 5))}x${String(pick(source, 1, 2, 3, 3, 4))}`;
  const placed = () => {
    const stride = pick(source, '', '', ' stride 2', ' stride 1x2', ' stride 3');
    const dilation = stride === '' ? pick(source, '', '', ' dilation 2') : '';
    return `${stride} padding ${pick(source, 'same', 'valid')}${dilation}`;
  };
  const convolution = () =>
    `conv ${window()} -> ${String(pick(source, 1, 3, 4, 6, 17))}${placed()}${pick(source, '', ' bias off')}${pick(source, '', ', bn')}${activation()}`;
  const size = () => 5 + source.int(9);
  const statements: readonly [() => void, ...(() => void)[]] = [
    () => lines.push(convolution()),
    () =>
      lines.push(
        `dwconv ${window()} multiplier ${String(pick(source, 1, 1, 2, 3))}${placed()}${pick(source, '', ', bn')}${activation()}`,
      ),
    () =>
      lines.push(
        `${pick(source, 'maxpool', 'avgpool')} ${window()} stride 2 padding ${pick(source, 'same', 'valid')}`,
      ),
    () => lines.push(pick(source, 'relu', 'relu6', 'hswish', 'sigmoid', 'tanh', 'leaky 0.2')),
    () => {
      const [a, b] = [name(), name()];
      lines.push(`conv 1x1 -> 4${activation()} as ${a}`, `conv 3x3 -> 4${activation()} as ${b}`);
      lines.push(
        `${pick(source, 'add', 'sub', 'mul')}(${a}, ${pick(source, b, b, a)})${pick(source, '', ', relu', ', relu6')}`,
      );
    },
    () => {
      const [a, b] = [name(), name()];
      lines.push(`${pick(source, 'conv 1x1 -> 4', 'dwconv 3x3')}${activation()} as ${a}`);
      lines.push(`conv 3x3 -> ${String(pick(source, 2, 5))}${activation()} as ${b}`, `concat(${a}, ${b})`);
    },
    () =>
      lines.push(
        `pad before ${String(source.int(3))}x${String(source.int(3))} after 1x${String(source.int(3))}`,
      ),
    () => lines.push(pick(source, 'upsample 2', 'resize 7x9 mode bilinear', 'resize 6x5 mode nearest')),
  ];
  lines.push(`input ${String(size())}x${String(size())}x${String(1 + source.int(4))}`);
  for (let left = 2 + source.int(6); left > 0; left--) pick(source, ...statements)();
  // One dense layer, since LiteRT rounds that otherwise than TensorFlow Lite Micro, and a second would show it enlarged.
  lines.push(pick(source, 'gap', 'gmp', 'flatten'), pick(source, 'dropout 0.2', 'identity'), 'dense -> 4');
  return `space s {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

function lowered(program: string): Network | undefined {
  const file = '/random.nas';
  const { problems, spaces } = analyse(file, {
    resolve: (_, specifier) => specifier,
    read: () => ({ text: program, parse: parse(program) }),
  });
  if (problems.some(({ severity }) => severity === 'error')) return undefined;
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
