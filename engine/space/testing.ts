/** For tests: small programs at random, their analysis, and a seeded source of randomness. */

import fc from 'fast-check';
import { parse } from '../../grammar/index.ts';
import { analyse } from './analyse.ts';
import type { Analysis, RandomSource, SearchSpace } from './types.ts';

/** Analyses a text, with other files by path. */
export function analyseText(text: string, files: Readonly<Record<string, string>> = {}): Analysis {
  const all: Readonly<Record<string, string>> = { ...files, 'main.nas': text };
  return analyse('main.nas', {
    read: (path) => {
      const found = all[path];
      return found === undefined ? undefined : { text: found, parse: parse(found) };
    },
    resolve: (_from, specifier) => specifier.replace(/^\.\//, ''),
  });
}

/** The first space of a text. Throws when there is none. */
export function spaceOf(text: string): SearchSpace {
  const [space] = analyseText(text).spaces;
  if (space === undefined) throw new Error(`No space in:\n${text}`);
  return space;
}

/** Numerical Recipes' linear congruential generator; the high bits are used. */
export function seeded(seed: number): RandomSource {
  let state = seed >>> 0;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    nextInt: (below) => Math.floor(next() * below),
    nextBigInt: (below) => {
      const digits = below.toString(2).length;
      for (;;) {
        let value = 0n;
        for (let bit = 0; bit < digits; bit++) value = value * 2n + (next() < 0.5 ? 0n : 1n);
        if (value < below) return value;
      }
    },
  };
}

/** Programs small enough to list every architecture. */
export const smallProgram: fc.Arbitrary<string> = fc
  .array(fc.nat(0xffff), { minLength: 40, maxLength: 40 })
  .map((numbers) => new ProgramWriter(numbers).program());

class ProgramWriter {
  private readonly numbers: readonly number[];
  private at = 0;
  /** Upper limit of the number of architectures that are still allowed, roughly. */
  private budget = 400;
  private names: string[] = [];

  constructor(numbers: readonly number[]) {
    this.numbers = numbers;
  }

  program(): string {
    const block = this.pick(2) === 0 ? this.residualBlock() : this.bottleneckBlock();
    const lines = [`input 12x12x${1 + this.pick(3)}`];
    if (this.pick(2) === 0) lines.push(`tie w = ${this.choice(['1', '2', '3'])}`);
    this.names = lines.length > 1 ? ['w'] : [];
    lines.push(...this.statements(2 + this.pick(3), 1));
    if (this.names.length > 0 && this.pick(4) === 0) lines.push(`require ${this.name()} < 3`);
    lines.push('gap', 'dense -> 5');
    return `${block}\nspace s {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
  }

  private pick(below: number): number {
    const number = this.numbers[this.at++ % this.numbers.length] ?? 0;
    return (number >> (this.at % 5)) % below;
  }

  private name(): string {
    return this.names[this.pick(this.names.length)] ?? '1';
  }

  /** A choice of up to three of the options, or the first when enough has been chosen. */
  private choice(options: readonly string[]): string {
    const count = 2 + this.pick(2);
    if (this.budget < count || options.length < 2) return options[0] ?? '1';
    const chosen = options.slice(0, count);
    this.budget /= chosen.length;
    return `{${chosen.join(' | ')}}`;
  }

  private channels(): string {
    const plain = ['4', '2', '3'];
    if (this.names.length > 0 && this.pick(2) === 0) {
      if (this.pick(2) === 0) return `${this.name()} * 2`;
      return `(${this.choice(plain)} when ${this.name()} > 1 else ${this.choice(['5', '4'])})`;
    }
    return this.pick(2) === 0 ? this.choice(plain) : (plain[this.pick(3)] ?? '4');
  }

  private residualBlock(): string {
    const condition = this.pick(3) === 0 ? '' : ' when out == in and stride == 1';
    return `block B(out, stride = 1) {\n  let k = {1 | 3}\n  conv k -> out stride stride, relu\n  conv k -> out\n  skip add${condition}\n}`;
  }

  private bottleneckBlock(): string {
    return 'block B(out, stride = 1) {\n  let t = {1 | 2}\n  conv 1x1 -> in * t, relu6\n  dwconv 3 stride stride\n  conv 1x1 -> out\n  skip add when stride == 1 and out == in\n}';
  }

  private statements(count: number, depth: number): string[] {
    const lines: string[] = [];
    const visible = this.names.length;
    for (let index = 0; index < count; index++) lines.push(this.statement(depth));
    this.names.length = visible;
    return lines;
  }

  private statement(depth: number): string {
    switch (this.pick(depth > 0 ? 11 : 6)) {
      case 0: {
        const name = `v${this.at}`;
        const line = `let ${name} = ${this.choice(['1', '2', '3'])}`;
        this.names.push(name);
        return line;
      }
      case 1:
        return `conv ${this.choice(['1', '3'])} -> ${this.channels()}${this.follower()}${this.modifier()}`;
      case 2:
        return `dwconv 3, relu${this.modifier()}`;
      case 3:
        this.budget /= 3;
        return `{conv 1 -> 4 | dwconv 3 | skip}${this.modifier()}`;
      case 4:
        return this.names.length > 0 ? `conv 1 -> 4 when ${this.name()} > 1` : 'hswish';
      case 5:
        return `maxpool 2 stride 2, relu${this.modifier()}`;
      case 6:
        return this.budget > 8 ? this.use() : 'conv 1 -> 4';
      case 7:
        this.budget /= 2;
        return `choice { a: { ${this.statements(2, 0).join('; ')} }; b: { ${this.statements(1, 0).join('; ')} } }`;
      case 8:
        return `branches ${this.pick(2) === 0 ? 'concat' : 'add'} { a: { conv 3 -> 4 }; b: { conv 1 -> ${this.channels()}; dwconv 3 } }`;
      case 9:
        return `{ ${this.statements(2, 0).join('; ')}; skip concat }`;
      default:
        return `identity as t${this.at}; conv 3 -> in; add(t${this.at})`;
    }
  }

  private use(): string {
    this.budget /= 2;
    const repeat =
      this.budget > 16 && this.pick(2) === 0
        ? ` x${this.pick(2)}..${this.most()}${this.pick(2) === 0 ? ' same' : ''}`
        : '';
    if (repeat !== '') this.budget /= 8;
    return `B(${this.channels()}${this.pick(3) === 0 ? ', 2' : ''})${repeat}`;
  }

  /** What follows a layer: nothing, or a choice. */
  private follower(): string {
    if (this.budget < 8 || this.pick(2) === 0) return '';
    return `, bn, ${this.choice(['none', 'hswish', 'relu'])}`.replace(', none', '');
  }

  /** The upper bound of a repeat: a number, or one that is drawn. */
  private most(): string {
    return this.names.length > 0 && this.pick(2) === 0 ? `(min(2, ${this.name()}))` : '2';
  }

  private modifier(cost = 2): string {
    if (this.budget < 2 * cost || this.pick(3) !== 0) return '';
    this.budget /= cost;
    return ' ?';
  }
}
