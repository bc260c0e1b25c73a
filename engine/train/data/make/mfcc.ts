/**
 * Mel-frequency cepstral coefficients (Davis and Mermelstein 1980, doi:10.1109/TASSP.1980.1163420) with the window sizes of
 * Zhang et al. 2017, "Hello Edge: Keyword Spotting on Microcontrollers": ten coefficients of 40 ms every 20 ms.
 */

export const RATE = 16_000;
const FRAME = 640;
const HOP = 320;
const FFT = 1024;
const BANDS = 40;
const LOWEST_HZ = 20;
const HIGHEST_HZ = 4000;
export const COEFFICIENTS = 10;

/** HTK's formula. */
const mel = (hz: number): number => 2595 * Math.log10(1 + hz / 700);

/** Of each band the weights of the FFT's bins: triangles that are evenly spaced in mel. */
const filters = Array.from({ length: BANDS }, (_, band) => {
  const step = (mel(HIGHEST_HZ) - mel(LOWEST_HZ)) / (BANDS + 1);
  const centre = mel(LOWEST_HZ) + (band + 1) * step;
  return Float64Array.from({ length: FFT / 2 }, (__, bin) =>
    Math.max(0, 1 - Math.abs(mel((bin * RATE) / FFT) - centre) / step),
  );
});

/** `[frames, 10]`, row by row, of samples in [-1, 1] at {@link RATE}: 49 frames of a second. */
export function mfcc(samples: Float32Array): Float32Array {
  const frames = Math.floor((samples.length - FRAME) / HOP) + 1;
  const out = new Float32Array(frames * COEFFICIENTS);
  for (let frame = 0; frame < frames; frame++) {
    const power = powerOf(samples.subarray(frame * HOP, frame * HOP + FRAME));
    const logs = filters.map((weights) =>
      Math.log(weights.reduce((sum, w, bin) => sum + w * (power[bin] ?? 0), 1e-6)),
    );
    for (let k = 0; k < COEFFICIENTS; k++) {
      const angle = (Math.PI * k) / BANDS;
      out[frame * COEFFICIENTS + k] =
        Math.sqrt(2 / BANDS) *
        logs.reduce((sum, value, band) => sum + value * Math.cos(angle * (band + 0.5)), 0);
    }
  }
  return out;
}

/** Of one frame under Hann's window, by the FFT of Cooley and Tukey. */
function powerOf(frame: Float32Array): Float64Array {
  const re = new Float64Array(FFT);
  const im = new Float64Array(FFT);
  frame.forEach((value, i) => (re[i] = value * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / FRAME))));
  for (let i = 1, j = 0; i < FFT; i++) {
    let bit = FFT >> 1;
    for (; (j & bit) !== 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) [re[i], re[j]] = [re[j] ?? 0, re[i] ?? 0];
  }
  for (let length = 2; length <= FFT; length *= 2) {
    for (let start = 0; start < FFT; start += length) {
      for (let k = 0; k < length / 2; k++) {
        const angle = (-2 * Math.PI * k) / length;
        const [a, b] = [start + k, start + k + length / 2];
        const real = (re[b] ?? 0) * Math.cos(angle) - (im[b] ?? 0) * Math.sin(angle);
        const imaginary = (re[b] ?? 0) * Math.sin(angle) + (im[b] ?? 0) * Math.cos(angle);
        re[b] = (re[a] ?? 0) - real;
        im[b] = (im[a] ?? 0) - imaginary;
        re[a] = (re[a] ?? 0) + real;
        im[a] = (im[a] ?? 0) + imaginary;
      }
    }
  }
  return Float64Array.from({ length: FFT / 2 }, (_, i) => (re[i] ?? 0) ** 2 + (im[i] ?? 0) ** 2);
}
