/**
 * Where the functions that level off do so. What lies beyond need not be told apart, so a tensor that only such functions
 * read keeps its 256 steps for what matters; and from a scale of 8 on TensorFlow Lite Micro takes 0 for something that
 * lies beyond (CalculateInputRadius with 4 integer bits gives no radius).
 */

import { rowOf } from '../operators/catalogue.ts';
import type { Network } from '../space/network.ts';
import type { Range } from './calibrate.ts';

/** `range` of a tensor, cut off where all that reads it has levelled off. */
export function withoutSaturation(network: Network, tensor: number, range: Range): Range {
  if (network.outputs.includes(tensor)) return range;
  const readers = network.ops.filter(({ inputs }) => inputs.includes(tensor));
  if (readers.length === 0) return range;
  const level = Math.max(...readers.map(({ kind }) => rowOf(kind).int8.levelsOff));
  return { low: Math.max(range.low, -level), high: Math.min(range.high, level) };
}
