/** A network as `.nas` text without choices, which means the same network again. */

import { valuesOf } from '../operators/catalogue.ts';
import { shapeText } from '../operators/tensors.ts';
import { rewritten } from '../operators/words.ts';
import { type Network, type Op, outputsOf } from './network.ts';

/**
 * One line per operator, in order. Tensors that are read other than by the next line get names `t1`, `t2`, ...
 * `settings` (target, dataset, constraints) stands above the space unchanged.
 */
export function printArchitecture(network: Network, settings = ''): string {
  const lines = new NetworkPrinter(network).lines();
  const head = settings === '' ? '' : `${settings}\n\n`;
  return `${head}space ${identifier(network.name)} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

class NetworkPrinter {
  private readonly network: Network;
  /** Tensors that need a name. */
  private readonly names = new Map<number, string>();

  constructor(network: Network) {
    this.network = network;
    let current = network.inputs[0] ?? 0;
    const named = new Set<number>();
    for (const op of network.ops) {
      const inOrder = op.inputs.length === 1 && op.inputs[0] === current;
      if (!inOrder) for (const input of op.inputs) named.add(input);
      if (op.moreOutputs.length > 0) for (const output of outputsOf(op)) named.add(output);
      current = op.output;
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
    for (const op of network.ops) {
      const from =
        op.inputs.length === 1 && op.inputs[0] !== current ? ` from ${this.name(op.inputs[0])}` : '';
      const name = names.get(op.output);
      // Of several the parentheses give the names.
      const as = name === undefined || op.moreOutputs.length > 0 ? '' : ` as ${name}`;
      lines.push(
        `${this.head(op)}${from}${as}${followersOf(op)
          .map((each) => `, ${each}`)
          .join('')}`,
      );
      current = op.output;
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
  private head(op: Op): string {
    const { info, values } = rewritten(op);
    const around = info.tensors === undefined ? [] : info.makesTensors ? outputsOf(op) : op.inputs;
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
