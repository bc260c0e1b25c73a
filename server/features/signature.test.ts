import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixture } from '../testing/fixture.ts';
import { signatureHelp } from './signature.ts';

/** @param expected the signature with the active parameter in `*`. */
function check(source: string, expected: string | undefined): void {
  const { snapshot, cursor } = fixture(source);
  const help = signatureHelp(snapshot, cursor);
  const signature = help?.signatures[0];
  if (help === null || signature === undefined) {
    assert.equal(undefined, expected);
    return;
  }
  const [start, end] = signature.parameters?.[help.activeParameter ?? 0]?.label as [number, number];
  const { label } = signature;
  assert.equal(`${label.slice(0, start)}*${label.slice(start, end)}*${label.slice(end)}`, expected);
}

const block = 'block MB(out, stride = 1) { gap }\n';

test('blocks by position and by name', () => {
  check(`${block}space s { MB($0) }`, 'MB(*out*, stride = 1)');
  check(`${block}space s { MB(24, $0) }`, 'MB(out, *stride = 1*)');
  check(`${block}space s { MB(stride = $0) }`, 'MB(out, *stride = 1*)');
  check(`${block}space s { MB(round8(24 * 2), $0`, 'MB(out, *stride = 1*)');
});

test('functions, the innermost call', () => {
  check(`${block}space s { MB(divisible(2, $0)) }`, 'divisible(x, *n*)');
  check(`space s { conv 3x3 -> min(1, 2, $0) }`, 'min(a, *b*)');
});

test('layers show their own grammar', () => {
  check(
    'space s {\n  conv 3$0x3 -> 8\n}',
    'conv *kernel* -> channels [stride] [padding] [dilation] [groups] [bias]',
  );
  check(
    'space s {\n  conv 3x3 -> 8$0\n}',
    'conv kernel *-> channels* [stride] [padding] [dilation] [groups] [bias]',
  );
  check(
    'space s {\n  conv 3x3 -> 8 stride 2$0\n}',
    'conv kernel -> channels *[stride]* [padding] [dilation] [groups] [bias]',
  );
});

test('a half-typed layer shows what comes next, behind its blanks too', () => {
  check('space s {\n  conv $0\n}', 'conv *kernel* -> channels [stride] [padding] [dilation] [groups] [bias]');
  check(
    'space s {\n  conv 3x3 -> $0\n}',
    'conv kernel *-> channels* [stride] [padding] [dilation] [groups] [bias]',
  );
});

test('followers have no parameters', () => {
  check('space s {\n  conv 3x3 -> 8, $0\n}', undefined);
  check('space s {\n  conv 3x3 -> 8, bn, re$0\n}', undefined);
});

test('imported blocks are found by their local name', () => {
  check(
    '//- /a.nas\nblock A(x, y = 2) { gap }\n//- /main.nas\nimport { A as B } from "./a.nas"\nspace s { B(1, $0) }',
    'A(x, *y = 2*)',
  );
});

test('nothing outside of calls and layers', () => {
  check('$0', undefined);
  check(`${block}// MB($0`, undefined);
});
