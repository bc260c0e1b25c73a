import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { seededRandom } from '../../cost/index.ts';
import { nextFraction } from '../random-source.ts';
import { type Features, Surrogate } from './surrogate.ts';

const random = seededRandom(4);
const draw = (): Features => ({
  figures: [nextFraction(random) * 1000, nextFraction(random)],
  traits: [`a=${random.nextInt(3)}`, `b=${random.nextInt(4)}`, `c=${random.nextInt(2)}`],
});
const truth = ({ figures, traits }: Features): number =>
  (figures[0] ?? 0) / 500 - 2 * (figures[1] ?? 0) ** 2 + (traits.includes('a=1') ? 1 : 0);

function learned(count: number): { surrogate: Surrogate; examples: Features[] } {
  const examples = Array.from({ length: count }, draw);
  const surrogate = new Surrogate(examples.slice(0, 12));
  for (const example of examples) surrogate.add(example, truth(example));
  return { surrogate, examples };
}

/** Share of the variance that predictions explain, on candidates not seen before. */
function explained(surrogate: Surrogate): number {
  const unseen = Array.from({ length: 200 }, draw);
  const values = unseen.map(truth);
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const off = unseen.reduce((sum, c, i) => sum + (surrogate.predict(c).mean - (values[i] ?? 0)) ** 2, 0);
  return 1 - off / values.reduce((sum, v) => sum + (v - mean) ** 2, 0);
}

describe('a surrogate', () => {
  it('foresees what follows from figures and decisions, and better from more examples', () => {
    const few = explained(learned(15).surrogate);
    const many = explained(learned(80).surrogate);
    assert.ok(few > 0.3 && many > 0.85 && many > few, `${few} and ${many}`);
  });

  it('is surer of what is like its examples', () => {
    const { surrogate, examples } = learned(40);
    const [seen] = examples;
    assert.ok(seen !== undefined);
    const strange = { figures: [90_000, 50], traits: ['a=9', 'b=9', 'c=9'] };
    assert.ok(surrogate.predict(seen).deviation < 0.5 * surrogate.predict(strange).deviation);
  });

  it('does not care in which order it was told, and keeps learning when it has to forget', () => {
    const { examples } = learned(30);
    const [one, other] = [new Surrogate(examples), new Surrogate(examples)];
    for (const example of examples) one.add(example, truth(example));
    for (const example of [...examples].reverse()) other.add(example, truth(example));
    const probe = draw();
    assert.ok(Math.abs(one.predict(probe).mean - other.predict(probe).mean) < 1e-9);
    const { surrogate } = learned(450);
    assert.ok(surrogate.size <= 400);
    assert.ok(explained(surrogate) > 0.9);
  });

  it('bears equal candidates and equal values', () => {
    const example = draw();
    const surrogate = new Surrogate([example]);
    for (let i = 0; i < 50; i++) surrogate.add(example, 3);
    assert.equal(surrogate.predict(example).mean, 3);
    assert.ok(Number.isFinite(surrogate.predict(draw()).deviation));
  });
});
