/**
 * A network as it runs where a runtime leaves channels out that hold nothing: those whose weights are all zero, whose
 * values are then the same at every place and go into the biases of the next layer, and those that only they need.
 */

import { rowOf } from '../operators/catalogue.ts';
import type { Network, Op, Tensor } from '../space/network.ts';

export interface Remaining {
  /** The same operators and tensors, in step, on fewer channels. */
  readonly network: Network;
  /** Per operator the output channels that are left out. */
  readonly leftOut: readonly number[];
}

const nothing: ReadonlySet<number> = new Set();

/** Each of its output channels reads every input channel. */
const isPlain = (op: Op): boolean => {
  const row = rowOf(op.kind);
  return row.channels.by === 'set' && (!('groups' in op) || op.groups === 1);
};

const channelsOf = ({ shape }: Tensor): number => shape[shape.length - 1] ?? 1;

/**
 * What remains of a network. `zero` gives per operator the output channels whose weights are all zero. `undefined`
 * when no channel can be left out: none is zero, or an operator or the caller needs it.
 */
export function withoutZeroChannels(
  network: Network,
  zero: readonly (readonly number[])[],
): Remaining | undefined {
  const { ops, tensors } = network;
  const byId = new Map(tensors.map((tensor) => [tensor.id, tensor]));
  const keepsChannels = (op: Op): boolean => {
    const output = byId.get(op.output);
    if (!rowOf(op.kind).channelwise || output === undefined) return false;
    if ('depthMultiplier' in op && op.depthMultiplier !== 1) return false;
    return op.inputs.every((id) => {
      const input = byId.get(id);
      return input !== undefined && channelsOf(input) === channelsOf(output);
    });
  };
  const same = sameEverywhere(ops, zero, keepsChannels);
  const out = leftOut(network, same, keepsChannels, byId);
  if ([...out.values()].every(({ size }) => size === 0)) return undefined;
  const remaining = (id: number): number => {
    const tensor = byId.get(id);
    return tensor === undefined ? 1 : Math.max(1, channelsOf(tensor) - (out.get(id)?.size ?? 0));
  };
  const reduced: Network = {
    ...network,
    tensors: tensors.map((tensor) => {
      if ((out.get(tensor.id)?.size ?? 0) === 0) return tensor;
      return { ...tensor, shape: [...tensor.shape.slice(0, -1), remaining(tensor.id)] };
    }),
    ops: ops.map((op): Op => {
      const rule = rowOf(op.kind).channels;
      return rule.by === 'set' ? { ...op, [rule.attribute]: remaining(op.output) } : op;
    }),
  };
  return { network: reduced, leftOut: ops.map(({ output }) => out.get(output)?.size ?? 0) };
}

/** Per tensor the channels whose values do not depend on the network's input. */
function sameEverywhere(
  ops: readonly Op[],
  zero: readonly (readonly number[])[],
  keepsChannels: (op: Op) => boolean,
): ReadonlyMap<number, ReadonlySet<number>> {
  const same = new Map<number, ReadonlySet<number>>();
  ops.forEach((op, at) => {
    const own = zero[at] ?? [];
    if (!keepsChannels(op)) {
      if (isPlain(op) && own.length > 0) same.set(op.output, new Set(own));
      return;
    }
    const [first = nothing, ...others] = op.inputs.map((id) => same.get(id) ?? nothing);
    const common = [...first].filter((channel) => others.every((other) => other.has(channel)));
    if (own.length + common.length > 0) same.set(op.output, new Set([...own, ...common]));
  });
  return same;
}

/** Per tensor the channels that nobody needs to compute, found from the last operator to the first. */
function leftOut(
  { ops, outputs }: Network,
  same: ReadonlyMap<number, ReadonlySet<number>>,
  keepsChannels: (op: Op) => boolean,
  byId: ReadonlyMap<number, Tensor>,
): ReadonlyMap<number, ReadonlySet<number>> {
  const users = new Map<number, Op[]>();
  for (const op of ops) for (const id of op.inputs) users.set(id, [...(users.get(id) ?? []), op]);
  const out = new Map<number, ReadonlySet<number>>();
  for (const op of ops.toReversed()) {
    const id = op.output;
    const tensor = byId.get(id);
    if (tensor === undefined || outputs.includes(id)) continue;
    let free: ReadonlySet<number> | undefined;
    for (const user of users.get(id) ?? []) {
      const isSum = isPlain(user);
      const isVector = 'kernel' in user || channelsOf(tensor) === sizeOf(tensor);
      const spares =
        isSum && isVector ? same.get(id) : keepsChannels(user) ? out.get(user.output) : undefined;
      const allowed = spares ?? nothing;
      const before: ReadonlySet<number> | undefined = free;
      free = before === undefined ? allowed : new Set([...before].filter((channel) => allowed.has(channel)));
    }
    if (free !== undefined && free.size > 0) out.set(id, free);
  }
  return out;
}

const sizeOf = ({ shape }: Tensor): number => shape.reduce((product, extent) => product * extent, 1);
