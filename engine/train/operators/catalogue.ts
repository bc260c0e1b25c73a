/** The kernels of every kind of operator that can be trained. */

import { rowOf } from '../../operators/catalogue.ts';
import type { WeightRule } from '../../operators/operator.ts';
import type { Op, OpKind, OpTemplate } from '../../space/network.ts';
import { activations, slopes } from './activations.ts';
import { convolutions } from './convolution.ts';
import { dense } from './dense.ts';
import { formats } from './formats.ts';
import { joins } from './joining.ts';
import type { Kernels } from './kernels.ts';
import { moves } from './moving.ts';
import { channelConstants, normalisations } from './normalisation.ts';
import { pools } from './pooling.ts';
import { reshapes } from './reshaping.ts';
import { transposedConvolutions } from './transposed-convolution.ts';
import type { Weighted, WeightedTemplate } from './weighted.ts';

type TrainableKind = Exclude<OpKind, 'dequantize' | 'svdf' | 'other'>;
type WeightedKind = WeightedTemplate['kind'];

const weighted = {
  ...convolutions,
  ...transposedConvolutions,
  ...dense,
  ...slopes,
  ...channelConstants,
} satisfies {
  readonly [K in WeightedKind]: Weighted<Extract<WeightedTemplate, { readonly kind: K }>>;
};

const unweighted = {
  ...activations,
  ...formats,
  ...joins,
  ...moves,
  ...normalisations,
  ...pools,
  ...reshapes,
} satisfies {
  readonly [K in Exclude<TrainableKind, WeightedKind>]: Kernels<OpTemplate<K>>;
};

export type WeightedOp = Op<WeightedKind>;

/** Says of a network that it cannot be trained, and why, before time is spent on it. */
export class UntrainableNetwork extends Error {
  override readonly name = 'UntrainableNetwork';
}

export const isWeighted = (op: Op): op is WeightedOp => op.kind in weighted;

// Kernels are asked about operators of their own kind alone, which their `kind` says.
export const weightedOf = (op: WeightedOp): Weighted<WeightedTemplate> => weighted[op.kind];

/** How TFLite stores its weights. Throws an `Error` where its row does not say. */
export function storedWeights({ kind }: WeightedOp): WeightRule {
  const { weights } = rowOf(kind);
  if (weights === undefined) throw new Error(`The row of ${kind} does not say how its weights are stored.`);
  return weights;
}

/** Of an operator without weights. Throws {@link UntrainableNetwork} where there are none. */
export function kernelsOf(op: Op): Kernels<OpTemplate> {
  const all = unweighted as unknown as Readonly<Partial<Record<OpKind, Kernels<OpTemplate>>>>;
  const found = all[op.kind];
  if (found === undefined)
    throw new UntrainableNetwork(
      `${op.name} (${op.kind}) can neither be trained nor run in 8 bits. Leave it out of the network, or replace it.`,
    );
  return found;
}
