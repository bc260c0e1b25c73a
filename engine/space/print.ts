/** A network as `.nas` text without choices, which means the same network again. */

import type { Network, Op, Pair, Shape } from './network.ts';

/**
 * One line per operator, in order. Tensors that are read other than by the next line get names `t1`, `t2`, ...
 * `settings` (target, dataset, constraints) stands above the space unchanged.
 */
export function printArchitecture(network: Network, settings = ''): string {
  const lines = new NetworkPrinter(network).lines();
  const head = settings === '' ? '' : `${settings}\n\n`;
  return `${head}space ${identifier(network.name)} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

const activationNames = {
  relu: 'relu',
  relu6: 'relu6',
  hard_swish: 'hswish',
  logistic: 'sigmoid',
  tanh: 'tanh',
  softmax: 'softmax',
  leaky_relu: 'leaky',
} as const;

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
    const lines = [`input ${dims(input?.shape ?? [1])}${dtype === 'int8' ? '' : ` type ${dtype}`}`];
    const inputName = names.get(network.inputs[0] ?? 0);
    if (inputName !== undefined) lines.push(`identity as ${inputName}`);
    let current = network.inputs[0] ?? 0;
    for (const op of network.ops) {
      const from =
        op.inputs.length === 1 && op.inputs[0] !== current ? ` from ${this.name(op.inputs[0])}` : '';
      const name = names.get(op.output);
      const { head, followers } = this.statement(op);
      const as = name === undefined ? '' : ` as ${name}`;
      lines.push(`${head}${from}${as}${followers.map((follower) => `, ${follower}`).join('')}`);
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

  private statement(op: Op): { readonly head: string; readonly followers: readonly string[] } {
    const shapeOut = this.network.tensors[op.output]?.shape ?? [1];
    const joined = `(${op.inputs.map((input) => this.name(input)).join(', ')})`;
    const plain = (head: string): { head: string; followers: readonly string[] } => ({ head, followers: [] });
    switch (op.kind) {
      case 'conv_2d': {
        const groups = op.groups === 1 ? '' : ` groups ${op.groups}`;
        return {
          head: `conv ${pair(op.kernel)} -> ${op.filters}${windowed(op)}${groups}${biased(op)}`,
          followers: after(op),
        };
      }
      case 'depthwise_conv_2d': {
        const multiplier = op.depthMultiplier === 1 ? '' : ` multiplier ${op.depthMultiplier}`;
        return {
          head: `dwconv ${pair(op.kernel)}${windowed(op)}${multiplier}${biased(op)}`,
          followers: after(op),
        };
      }
      case 'fully_connected':
        return { head: `dense -> ${op.units}${biased(op)}`, followers: after(op) };
      case 'average_pool_2d':
      case 'max_pool_2d': {
        const name = op.kind === 'max_pool_2d' ? 'maxpool' : 'avgpool';
        const head = `${name} ${pair(op.kernel)}${windowed({ ...op, dilation: [1, 1] })}`;
        return { head, followers: after({ ...op, batchNorm: false }) };
      }
      case 'add':
      case 'mul':
      case 'sub':
        return { head: `${op.kind}${joined}`, followers: after({ ...op, batchNorm: false }) };
      case 'concatenation':
        return plain(`concat${joined}${op.axis === undefined ? '' : ` axis ${op.axis}`}`);
      case 'mean':
        return plain('gap');
      case 'reduce_max':
        return plain('gmp');
      case 'reshape':
        return plain(`reshape -> ${dims(shapeOut)}`);
      case 'pad':
        return plain(
          `pad before ${pair(op.before)} after ${pair(op.after)}${op.channels === undefined ? '' : ` channels ${op.channels}`}`,
        );
      case 'resize_bilinear':
      case 'resize_nearest_neighbor': {
        const mode = op.kind === 'resize_bilinear' ? ' mode bilinear' : '';
        return plain(`resize ${dims(shapeOut.slice(0, 2))}${mode}`);
      }
      case 'quantize':
        return plain(`requantize ${this.network.tensors[op.output]?.dtype ?? 'int8'}`);
      case 'dequantize':
        return plain('dequantize');
      case 'dropout':
        return plain(`dropout ${op.parameter ?? 0.5}`);
      case 'other': {
        const tensors = op.inputs.length === 1 ? [] : op.inputs.map((input) => this.name(input));
        const given = [JSON.stringify(op.tfliteName), ...tensors].join(', ');
        const weights = op.weightBytes === 0 ? '' : ` weights ${op.weightBytes}`;
        const macs = op.macs === 0 ? '' : ` macs ${op.macs}`;
        const dtype = this.network.tensors[op.output]?.dtype ?? 'int8';
        const type = dtype === this.network.tensors[op.inputs[0] ?? 0]?.dtype ? '' : ` type ${dtype}`;
        return plain(`other(${given}) -> ${dims(shapeOut)}${weights}${macs}${type}`);
      }
      default: {
        const slope = op.kind === 'leaky_relu' && op.parameter !== undefined ? ` ${op.parameter}` : '';
        return plain(`${activationNames[op.kind]}${slope}`);
      }
    }
  }
}

function dims(shape: Shape): string {
  return shape.join('x');
}

function pair([rows, columns]: Pair): string {
  return `${rows}x${columns}`;
}

function windowed(op: { readonly stride: Pair; readonly padding: string; readonly dilation: Pair }): string {
  const stride = pair(op.stride) === '1x1' ? '' : ` stride ${pair(op.stride)}`;
  const padding = op.padding === 'same' ? '' : ` padding ${op.padding}`;
  const dilation = pair(op.dilation) === '1x1' ? '' : ` dilation ${pair(op.dilation)}`;
  return stride + padding + dilation;
}

function biased(op: { readonly bias: boolean }): string {
  return op.bias ? '' : ' bias off';
}

function after(op: { readonly activation: string; readonly batchNorm: boolean }): readonly string[] {
  return [...(op.batchNorm ? ['bn'] : []), ...(op.activation === 'none' ? [] : [op.activation])];
}

/** A name the language accepts: letters, digits and underscores, not a reserved word. */
function identifier(name: string): string {
  const cleaned = name.replace(/\W/g, '_');
  return /^[A-Za-z_]/.test(cleaned) && !/^x\d/.test(cleaned) ? cleaned : `n_${cleaned}`;
}
