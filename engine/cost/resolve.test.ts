import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveTarget, shippedProfiles, type TargetRequest } from './resolve.ts';

const resolve = (request: TargetRequest) => resolveTarget(shippedProfiles, request);

function problem(request: TargetRequest) {
  const resolved = resolve(request);
  assert.ok('problem' in resolved);
  return resolved.problem;
}

test('a board alone takes its default runtime and clock', () => {
  const resolved = resolve({ board: 'nucleo-f446re' });
  assert.ok('target' in resolved);
  assert.equal(resolved.target.runtime.id, 'tflm + cmsis-nn');
  assert.equal(resolved.target.clockHz, 180_000_000);
});

test('aliases, case, underscores and blanks around + do not matter', () => {
  const resolved = resolve({ board: 'NUCLEO_F446RE', runtime: 'tflm+cmsis-nn' });
  assert.ok('target' in resolved);
  assert.equal(resolved.target.board.id, 'nucleo-f446re');
});

test('equal requests give the same target object', () => {
  assert.deepEqual(resolve({ board: 'pico' }), resolve({ board: 'rp2040' }));
  const [a, b] = [resolve({ board: 'pico' }), resolve({ board: 'pico' })];
  assert.ok('target' in a && 'target' in b);
  assert.equal(a.target, b.target);
});

test('a misspelt board is met with the one that was meant', () => {
  const { part, message, suggestion } = problem({ board: 'nucleo-f464re' });
  assert.equal(part, 'board');
  assert.equal(suggestion, 'nucleo-f446re');
  assert.match(message, /There is no board "nucleo-f464re"\. Did you mean "nucleo-f446re"\?/);
});

test('a name that is like none lists what there is', () => {
  const { message, suggestion } = problem({ board: 'toaster' });
  assert.equal(suggestion, undefined);
  assert.match(message, /Known boards are .*"pico"/);
});

test('an unknown runtime and a clock beyond the rating say what to write', () => {
  assert.equal(problem({ board: 'pico', runtime: 'tflm + cmsis' }).suggestion, 'tflm + cmsis-nn');
  const { part, suggestion, message } = problem({ board: 'pico', clockHz: 400e6 });
  assert.equal(part, 'clock');
  assert.equal(suggestion, 133_000_000);
  assert.match(message, /up to 133 MHz, not 400 MHz/);
});

test('a name whose file cannot be used leads to the file, and one without a file says where it would be', () => {
  const unusable = new Map([['teensy-4-1', 'file:///w/.nasturtium/boards/teensy-4-1.json']]);
  const answer = (board: string) => {
    const resolved = resolveTarget({ ...shippedProfiles, unusable }, { board });
    return 'problem' in resolved ? resolved.problem.message : '';
  };
  assert.match(
    answer('teensy-4-1'),
    /cannot be used, since its file teensy-4-1\.json has errors: correct them/,
  );
  assert.match(answer('zzzzzzzz'), /one of your own is a JSON file in the folder \.nasturtium\/boards\.$/);
});
