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

const built = (request: TargetRequest) => {
  const resolved = resolve(request);
  assert.ok('target' in resolved, 'problem' in resolved ? resolved.problem.message : '');
  return resolved.target.build;
};

test('a version behind the runtime and flags make the build; what is not said is usual on the board', () => {
  const board = 'nucleo-f446re';
  assert.deepEqual(built({ board }), { version: '7.0', flags: 'O3' });
  assert.deepEqual(built({ board, runtime: 'tflm+cmsis-nn 4.1' }), { version: '4.1', flags: 'O3' });
  assert.deepEqual(built({ board, runtime: 'cmsis-nn v6.0', flags: '-Os' }), { version: '6.0', flags: 'Os' });
  assert.deepEqual(built({ board: 'nano-33-ble' })?.flags, 'Os');
  assert.equal(built({ board, runtime: 'tflm + cmsis-nn 2020' }), undefined);
});

test('builds of one runtime are targets of their own, and equal ones the same', () => {
  const of = (runtime: string, flags: string) => {
    const resolved = resolve({ board: 'pico', runtime, flags });
    return 'target' in resolved ? resolved.target : undefined;
  };
  assert.equal(of('tflm + cmsis-nn 7.0', 'O3'), of('cmsis-nn 7.0', '-O3'));
  assert.notEqual(of('tflm + cmsis-nn 7.0', 'O3'), of('tflm + cmsis-nn 7.0', 'Os'));
});

test('a version or flags that were not counted are met with those that were', () => {
  const version = problem({ board: 'nucleo-f446re', runtime: 'tflm + cmsis-nn 7' });
  assert.deepEqual([version.part, version.suggestion], ['runtime', 'tflm + cmsis-nn 7.0']);
  assert.match(version.message, /There are no counts of .* 7\. Write one of 7\.0, 6\.0,/);
  const flags = problem({ board: 'nucleo-f446re', flags: 'O1' });
  assert.deepEqual([flags.part, flags.suggestion], ['flags', 'O3']);
  const none = problem({ board: 'nucleo-h743zi', runtime: 'x-cube-ai 9', flags: 'O3' });
  assert.match(none.message, /has no other flags\. Remove flags O3\./);
});
