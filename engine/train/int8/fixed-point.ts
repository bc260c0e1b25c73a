/** The fixed-point arithmetic of TFLite's 8-bit kernels (tensorflow/lite/kernels/internal, quantization_util). */

/** `real = value * 2^(shift - 31)`, value in [2^30, 2^31). */
export interface FixedMultiplier {
  readonly value: number;
  readonly shift: number;
}

/** C's round: halves away from zero. */
export function roundAway(x: number): number {
  return x < 0 ? -Math.floor(-x + 0.5) : Math.floor(x + 0.5);
}

/** `QuantizeMultiplier`: the nearest fixed-point number. */
export function quantizeMultiplier(real: number): FixedMultiplier {
  if (real === 0) return { value: 0, shift: 0 };
  let shift = Math.max(-1074, Math.floor(Math.log2(real)) + 1);
  let fraction = real / 2 ** shift;
  while (fraction >= 1) {
    fraction /= 2;
    shift++;
  }
  while (fraction < 0.5) {
    fraction *= 2;
    shift--;
  }
  let value = roundAway(fraction * 2 ** 31);
  if (value === 2 ** 31) {
    value = 2 ** 30;
    shift++;
  }
  return shift < -31 ? { value: 0, shift: 0 } : { value, shift };
}

/** `SaturatingRoundingDoublingHighMul`: floor((a * b + 2^30) / 2^31), exact. */
export function doublingHighMul(a: number, b: number): number {
  const high = a * (b >> 16);
  const low = a * (b & 0xffff) + 2 ** 30;
  return Math.floor((high + Math.floor(low / 65536)) / 32768);
}

/** `RoundingDivideByPOT`: halves away from zero. */
export function divideByPower(x: number, exponent: number): number {
  if (exponent === 0) return x;
  const mask = exponent >= 31 ? 0x7fffffff : (1 << exponent) - 1;
  const remainder = x & mask;
  const threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + (remainder > threshold ? 1 : 0);
}

/** `MultiplyByQuantizedMultiplier` with double rounding, TFLite's default. */
export function multiply(x: number, { value, shift }: FixedMultiplier): number {
  const left = shift > 0 ? shift : 0;
  return divideByPower(doublingHighMul((x << left) | 0, value), shift > 0 ? 0 : -shift);
}

export function clampInt8(x: number): number {
  return x < -128 ? -128 : x > 127 ? 127 : x;
}

const int16 = (x: number): number => (x << 16) >> 16;
const saturate16 = (x: number): number => (x < -32768 ? -32768 : x > 32767 ? 32767 : x);

/** 16-bit `SaturatingRoundingDoublingHighMul`. */
export function doublingHighMul16(a: number, b: number): number {
  if (a === b && a === -32768) return 32767;
  const product = a * b;
  return Math.trunc((product + (product >= 0 ? 1 << 14 : 1 - (1 << 14))) / 32768);
}

/** The table of a quantised hard swish, by input + 128 (`HardSwish` of TFLite's reference kernels). */
export function hardSwishTable(
  inputScale: number,
  inputZero: number,
  outputScale: number,
  outputZero: number,
): Int8Array {
  // In single precision, as HardSwishPrepare computes them.
  const hires = Math.fround(Math.fround(1 / 128) * inputScale);
  const output = quantizeMultiplier(Math.fround(hires / outputScale));
  const reluish = quantizeMultiplier(Math.fround(hires / Math.fround(3 / 32768)));
  const down = ({ value }: FixedMultiplier) => (value >= 0x7fff8000 ? 32767 : (value + (1 << 15)) >> 16);
  const outputFactor = down(output);
  const reluishFactor = down(reluish);
  return Int8Array.from({ length: 256 }, (_, i) => {
    const wide = int16((i - 128 - inputZero) * 128);
    const preshift = doublingHighMul16(wide, outputFactor);
    let gate = wide;
    if (reluish.shift > 0) gate = saturate16(gate * 2 ** (reluish.shift - 1));
    gate = doublingHighMul16(gate, reluishFactor);
    if (reluish.shift > 0) gate = saturate16(gate * 2);
    if (reluish.shift < 0) gate = divideByPower(gate, -reluish.shift);
    gate = (gate + 32768) >> 1;
    const product = gate === preshift && gate === -32768 ? 32767 : Math.trunc((gate * preshift) / 32768);
    return clampInt8(divideByPower(product, -output.shift) + outputZero);
  });
}
