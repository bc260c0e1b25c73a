/**
 * What of the range of a tensor those that read it have a use for. Where functions level off, what lies beyond need not be
 * told apart, so a tensor that only such functions read keeps its 256 steps for what matters; and from a scale of 8 on
 * TensorFlow Lite Micro takes 0 for something that lies beyond (CalculateInputRadius with 4 integer bits gives no radius).
 */

import { rowOf } from '../operators/catalogue.ts';
import type { Network } from '../space/network.ts';
import type { Range } from './calibrate.ts';

/** `range` of a tensor, cut off where all that reads it has levelled off, and below what one of them takes. */
export function withoutSaturation(network: Network, tensor: number, range: Range): Range {
  const rules = network.ops
    .filter(({ inputs }) => inputs.includes(tensor))
    .map(({ kind }) => rowOf(kind).int8);
  const least = Math.max(-Infinity, ...rules.map((rule) => rule.least));
  const isSeen = rules.length === 0 || network.outputs.includes(tensor);
  const level = isSeen ? Infinity : Math.max(...rules.map((rule) => rule.levelsOff));
  return { low: Math.max(range.low, -level, least), high: Math.min(range.high, level) };
}
