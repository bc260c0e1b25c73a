import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adam, schedule, sgd } from './optimizer.ts';
import { permutation, random } from './random.ts';

describe('optimizers', () => {
  for (const [name, make, rate] of [
    ['Adam', adam, 0.05],
    ['SGD', sgd, 0.02],
  ] as const) {
    it(`${name} finds the bottom of a bowl`, () => {
      const optimizer = make(new Map());
      const values = Float32Array.of(3, -2);
      for (let step = 1; step <= 600; step++) {
        const gradient = Float32Array.of(2 * ((values[0] ?? 0) - 1), 8 * ((values[1] ?? 0) - 0.5));
        optimizer.update('w', values, gradient, rate, 0, step);
      }
      assert.ok(
        Math.abs((values[0] ?? 0) - 1) < 0.02 && Math.abs((values[1] ?? 0) - 0.5) < 0.02,
        values.join(),
      );
    });
  }

  it("Adam's first step is as long as the rate, whatever the gradient", () => {
    const values = Float32Array.of(0, 0);
    adam(new Map()).update('w', values, Float32Array.of(1e-3, -50), 0.1, 0, 1);
    assert.ok(Math.abs((values[0] ?? 0) + 0.1) < 1e-4 && Math.abs((values[1] ?? 0) - 0.1) < 1e-4);
  });

  it('decay shrinks values that have no gradient', () => {
    const values = Float32Array.of(1);
    adam(new Map()).update('w', values, Float32Array.of(0), 0.1, 0.5, 1);
    assert.ok(Math.abs((values[0] ?? 0) - 0.95) < 1e-6);
  });
});

it('the rate rises to its peak and falls to nearly nothing', () => {
  const rates = Array.from({ length: 100 }, (_, step) => schedule(step, 100, 10));
  assert.equal(Math.max(...rates), 1);
  assert.equal(rates.indexOf(1), 9);
  assert.ok((rates[0] ?? 1) <= 0.1 && (rates[99] ?? 1) <= 0.011);
  for (let i = 11; i < 100; i++) assert.ok((rates[i] ?? 1) <= (rates[i - 1] ?? 0));
});

describe('random numbers', () => {
  it('a permutation holds every number once, the same ones for the same seed', () => {
    const order = permutation(1000, random(7, 'order', 0));
    assert.deepEqual(
      order.toSorted(),
      Int32Array.from({ length: 1000 }, (_, i) => i),
    );
    assert.deepEqual(order, permutation(1000, random(7, 'order', 0)));
    assert.notDeepEqual(order, permutation(1000, random(7, 'order', 1)));
  });

  it('normal numbers have mean 0 and deviation 1', () => {
    const source = random(1, 'normal');
    const values = Array.from({ length: 20000 }, () => source.normal());
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    assert.ok(Math.abs(mean) < 0.03 && Math.abs(variance - 1) < 0.04, `${mean} ${variance}`);
  });
});
