import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OpKind } from '../../space/network.ts';
import { int8Cases, SAMPLES } from './testing.ts';
import { createInt8Interpreter } from './interpreter.ts';
import litert from './litert.json' with { type: 'json' };

/**
 * Operators that LiteRT 2.3 answers within one step: it rounds a fully connected one once, where TFLite Micro and CMSIS-NN,
 * which run on the boards, round twice as for every other operator (weighted.test.ts holds that exactly); and softmax.
 */
const WITHIN_ONE: ReadonlySet<OpKind> = new Set(['fully_connected', 'softmax']);

describe(`the 8-bit interpreter answers as ${litert.interpreter}`, () => {
  const expected: Readonly<Record<string, string>> = litert.cases;
  const cases = int8Cases();

  it('has an answer for every case', () => {
    assert.deepEqual(
      Object.keys(expected),
      cases.map(({ name }) => name),
    );
  });

  for (const { name, quantized, inputs } of cases) {
    it(name, () => {
      const bytes = Buffer.from(expected[name] ?? '', 'base64');
      const wanted = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
      const size = inputs.length / SAMPLES;
      const interpreter = createInt8Interpreter(quantized);
      const answers: number[] = [];
      for (let s = 0; s < SAMPLES; s++)
        answers.push(...interpreter.run(inputs.subarray(s * size, (s + 1) * size)));
      assert.equal(answers.length, wanted.length);
      assert.ok(new Set(wanted).size > 3, 'the answers say something');
      const wrong = answers.filter((q, i) => q !== wanted[i]).length;
      const far = answers.filter((q, i) => Math.abs(q - (wanted[i] ?? NaN)) > 1).length;
      assert.equal(far, 0);
      if (quantized.network.ops.some(({ kind }) => WITHIN_ONE.has(kind)))
        assert.ok(wrong <= Math.ceil(answers.length / 50), `${String(wrong)} of ${String(answers.length)}`);
      else assert.equal(wrong, 0, `${String(wrong)} of ${String(answers.length)} differ`);
    });
  }
});
