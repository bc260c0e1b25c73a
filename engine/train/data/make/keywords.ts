/**
 * Makes examples/data/keywords/keywords.npz: features of ten spoken words, of other words and of silence, spoken by the
 * synthesiser eSpeak NG (Debian's package espeak-ng) with many voices, with noise, with a fixed seed. The voices of the
 * three splits are different ones. `node engine/train/data/make/keywords.ts`
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { random, type Random } from '../../random.ts';
import { COEFFICIENTS, mfcc, RATE } from './mfcc.ts';
import { type ByteArray, writeNpz } from './npz-file.ts';

/** In the order of the labels; the words of Speech Commands (Warden 2018, arXiv:1804.03209). */
const WORDS = ['down', 'go', 'left', 'no', 'off', 'on', 'right', 'stop', 'up', 'yes'];
const OTHERS = [
  'bird',
  'cat',
  'dog',
  'happy',
  'house',
  'marvin',
  'seven',
  'sheila',
  'three',
  'tree',
  'wow',
  'zero',
];
const CLASSES = WORDS.length + 2;
const LANGUAGES = ['en-gb', 'en-us', 'en-gb-scotland', 'en-gb-x-rp', 'en-gb-x-gbclan', 'en-gb-x-gbcwmd'];
const VOICES = {
  train: ['m1', 'm2', 'm3', 'm4', 'f1', 'f2', 'f3', 'klatt', 'Andy', 'Alicia'],
  val: ['m5', 'f4'],
  test: ['m6', 'm7', 'f5', 'klatt3'],
} as const;
const PER_CLASS = { train: 60, val: 10, test: 14 } as const;
/** Spread of a feature in bytes around 128, so that four deviations fit on either side. */
const DEVIATION = 32;
/** Features are kept to this many bytes, so that the file stays small: a quarter of a deviation is enough. */
const STEP = 8;

/** What the program says to standard output is a WAV file of 22,050 Hz, 16 bits, one channel, behind 44 bytes. */
function speak(word: string, voice: string, source: Random): Float32Array {
  const speed = String(130 + source.int(70));
  const pitch = String(30 + source.int(45));
  const wav = execFileSync('espeak-ng', ['--stdout', '-v', voice, '-s', speed, '-p', pitch, word]);
  const count = Math.floor((wav.length - 44) / 2);
  const value = (i: number): number => (i < count ? wav.readInt16LE(44 + 2 * i) / 32768 : 0);
  const ratio = wav.readUInt32LE(24) / RATE;
  // Linear: what is lost lies above the 4 kHz that the features reach.
  return Float32Array.from({ length: Math.floor(count / ratio) }, (_, i) => {
    const at = Math.floor(i * ratio);
    const share = i * ratio - at;
    return value(at) * (1 - share) + value(at + 1) * share;
  });
}

/** One second with the word somewhere in it, in noise. */
function second(word: string | undefined, voice: string, source: Random): Float32Array {
  const out = new Float32Array(RATE);
  if (word !== undefined) {
    const spoken = speak(word, voice, source);
    const start = Math.floor(source.unit() * Math.max(1, RATE - spoken.length));
    const gain = 0.3 + 0.7 * source.unit();
    out.set(
      spoken.subarray(0, RATE - start).map((value) => value * gain),
      start,
    );
  }
  const loudness = 0.0005 + 0.01 * source.unit();
  let brown = 0;
  for (let i = 0; i < RATE; i++) {
    brown = 0.95 * brown + 0.3 * source.normal();
    out[i] = (out[i] ?? 0) + loudness * brown;
  }
  return out;
}

type Name = keyof typeof PER_CLASS;

function features(split: Name): { values: Float32Array[]; labels: number[] } {
  const source = random(49, split);
  const voices = VOICES[split];
  const labels = Array.from({ length: PER_CLASS[split] * CLASSES }, (_, i) => i % CLASSES);
  const values = labels.map((label) => {
    const voice = `${LANGUAGES[source.int(LANGUAGES.length)] ?? 'en-us'}+${voices[source.int(voices.length)] ?? 'm1'}`;
    const isOther = label === WORDS.length;
    return mfcc(second(isOther ? OTHERS[source.int(OTHERS.length)] : WORDS[label], voice, source));
  });
  return { values, labels };
}

const folder = join(import.meta.dirname, '../../../../examples/data/keywords');
mkdirSync(folder, { recursive: true });
const splits = { train: features('train'), val: features('val'), test: features('test') };
/** Of each coefficient over the training samples. */
const moments = Array.from({ length: COEFFICIENTS }, (_, k) => {
  const all = splits.train.values.flatMap((sample) => [...sample.filter((__, i) => i % COEFFICIENTS === k)]);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const deviation = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length);
  return { mean, deviation };
});
const toBytes = (sample: Float32Array): Uint8Array =>
  Uint8Array.from(sample, (value, i) => {
    const { mean, deviation } = moments[i % COEFFICIENTS] ?? { mean: 0, deviation: 1 };
    return Math.max(
      0,
      Math.min(248, STEP * Math.round((128 + (DEVIATION * (value - mean)) / deviation) / STEP)),
    );
  });
const arrays = Object.entries(splits).flatMap(
  ([name, { values, labels }]) =>
    [
      [`x_${name}`, { shape: [labels.length, 49, COEFFICIENTS], values: Buffer.concat(values.map(toBytes)) }],
      [`y_${name}`, { shape: [labels.length], values: Uint8Array.from(labels) }],
    ] as const,
);
writeNpz(join(folder, 'keywords.npz'), new Map<string, ByteArray>(arrays));
const table = moments.map(
  ({ mean, deviation }, k) => `| ${k} | ${mean.toFixed(4)} | ${deviation.toFixed(4)} |`,
);
process.stdout.write(`| coefficient | mean | deviation |\n| ---: | ---: | ---: |\n${table.join('\n')}\n`);
