/** A network as `.nas` text without choices, which means the same network again. */

import { attributesOf, valuesOf } from '../operators/catalogue.ts';
import { shapeText, type TensorSpec } from '../operators/tensors.ts';
import type { OperatorInfo, Rewritten } from '../operators/word.ts';
import { followed, operators, rewritten } from '../operators/words.ts';
import { type Network, type Op, outputsOf } from './network.ts';

/**
 * One line per operator, or per word that stands for several, in order. Tensors that are read other than by the next line get names `t1`, `t2`, ...
 * `settings` (target, dataset, constraints) stands above the space unchanged.
 */
export function printArchitecture(network: Network, settings = ''): string {
  const lines = new NetworkPrinter(network).lines();
  const head = settings === '' ? '' : `${settings}\n\n`;
  return `${head}space ${identifier(network.name)} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

/** What one line says: an operator, or those of a word that stands for several. */
interface Layer {
  readonly info: OperatorInfo;
  readonly values: Rewritten;
  readonly followers: readonly string[];
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

const alone = (op: Op): Layer => ({
  ...rewritten(op),
  followers: followersOf(op),
  inputs: op.inputs,
  outputs: outputsOf(op),
});

/** Words that stand for several operators. */
const composed = [...operators.values()].filter(({ examples }) => examples.length > 0);

function layersOf({ ops, tensors, outputs }: Network): readonly Layer[] {
  const specs = new Map<number, TensorSpec>(tensors.map((tensor) => [tensor.id, tensor]));
  const layers: Layer[] = [];
  for (let at = 0; at < ops.length;) {
    const op = ops[at];
    if (op === undefined) break;
    const found = composed
      .map((info) => ({ info, own: asWritten(info, ops.slice(at), specs) }))
      .find(
        ({ own }) => own !== undefined && isWithin(own, [...ops.slice(at + own.length), { inputs: outputs }]),
      );
    const last = found?.own?.at(-1);
    if (found === undefined || last === undefined) layers.push(alone(op));
    else {
      const values = { operand: undefined, output: undefined, named: [] };
      const inputs = op.inputs.slice(0, 1);
      layers.push({
        info: found.info,
        values,
        followers: followersOf(last),
        inputs,
        outputs: outputsOf(last),
      });
    }
    at += found?.own?.length ?? 1;
  }
  return layers;
}

/** The first of the operators, if they are those of the word with nothing but its name written. */
function asWritten(
  { makes }: OperatorInfo,
  ops: readonly Op[],
  specs: ReadonlyMap<number, TensorSpec>,
): readonly Op[] | undefined {
  const given = ops[0]?.inputs[0] ?? -1;
  const spec = specs.get(given);
  const steps = spec === undefined ? [] : (makes?.steps(new Map(), [spec]) ?? []);
  const own = ops.slice(0, steps.length);
  const isSame = steps.every(({ template, reads = ['given'] }, step) => {
    const op = own[step];
    const from = reads.map((read) => (read === 'given' ? given : own[read]?.output));
    const [left, right] = [op && valuesOf(op), valuesOf(template)];
    return (
      left !== undefined &&
      op?.kind === template.kind &&
      op.inputs.length === from.length &&
      op.inputs.every((id, at) => id === from[at]) &&
      attributesOf(op.kind).every(
        ([name, attribute]) =>
          attribute.isSame(left[name], right[name]) || (step === steps.length - 1 && followed.has(name)),
      )
    );
  });
  return isSame && own.length > 0 ? own : undefined;
}

/** Whether nothing else reads what is made between the first and the last. */
function isWithin(own: readonly Op[], others: readonly { readonly inputs: readonly number[] }[]): boolean {
  const between = new Set(own.slice(0, -1).map(({ output }) => output));
  return others.every(({ inputs }) => !inputs.some((id) => between.has(id)));
}

class NetworkPrinter {
  private readonly network: Network;
  private readonly layers: readonly Layer[];
  /** Tensors that need a name. */
  private readonly names = new Map<number, string>();

  constructor(network: Network) {
    this.network = network;
    this.layers = layersOf(network);
    let current = network.inputs[0] ?? 0;
    const named = new Set<number>();
    for (const { inputs, outputs } of this.layers) {
      const inOrder = inputs.length === 1 && inputs[0] === current;
      if (!inOrder) for (const input of inputs) named.add(input);
      if (outputs.length > 1) for (const output of outputs) named.add(output);
      current = outputs[0] ?? current;
    }
    if (network.outputs.length !== 1 || network.outputs[0] !== current) {
      for (const output of network.outputs) named.add(output);
    }
    let count = 0;
    for (const tensor of network.tensors) if (named.has(tensor.id)) this.names.set(tensor.id, `t${++count}`);
  }

  lines(): readonly string[] {
    const { network, names } = this;
    const input = network.tensors[network.inputs[0] ?? 0];
    const dtype = input?.dtype ?? 'int8';
    const lines = [`input ${shapeText(input?.shape ?? [1])}${dtype === 'int8' ? '' : ` type ${dtype}`}`];
    const inputName = names.get(network.inputs[0] ?? 0);
    if (inputName !== undefined) lines.push(`identity as ${inputName}`);
    let current = network.inputs[0] ?? 0;
    for (const layer of this.layers) {
      const { inputs, outputs, followers } = layer;
      const [output = current] = outputs;
      const from = inputs.length === 1 && inputs[0] !== current ? ` from ${this.name(inputs[0])}` : '';
      const name = names.get(output);
      // Of several the parentheses give the names.
      const as = name === undefined || outputs.length > 1 ? '' : ` as ${name}`;
      lines.push(`${this.head(layer)}${from}${as}${followers.map((each) => `, ${each}`).join('')}`);
      current = output;
    }
    if (network.outputs.length !== 1 || network.outputs[0] !== current) {
      lines.push(`output(${network.outputs.map((output) => this.name(output)).join(', ')})`);
    }
    return lines;
  }

  private name(tensor: number | undefined): string {
    return (tensor === undefined ? undefined : this.names.get(tensor)) ?? '?';
  }

  /** The word with its values. */
  private head({ info, values, inputs, outputs }: Layer): string {
    const around = info.tensors === undefined ? [] : info.makesTensors ? outputs : inputs;
    const tensors = around.length > 1 ? around.map((id) => this.name(id)) : [];
    const given = values.title === undefined ? tensors : [JSON.stringify(values.title), ...tensors];
    const operand = values.operand === undefined ? '' : ` ${values.operand}`;
    const output = values.output === undefined ? '' : ` -> ${values.output}`;
    const named = values.named.map(([name, value]) => ` ${name} ${value}`).join('');
    return `${info.name}${given.length === 0 ? '' : `(${given.join(', ')})`}${operand}${output}${named}`;
  }
}

/** What is folded into the operator. */
function followersOf(op: Op): readonly string[] {
  const { activation, batchNorm } = valuesOf(op);
  const after = typeof activation === 'string' && activation !== 'none' ? [activation] : [];
  return batchNorm === true ? ['bn', ...after] : after;
}

/** A name the language accepts: letters, digits and underscores, not a reserved word. */
function identifier(name: string): string {
  const cleaned = name.replace(/\W/g, '_');
  return /^[A-Za-z_]/.test(cleaned) && !/^x\d/.test(cleaned) ? cleaned : `n_${cleaned}`;
}
