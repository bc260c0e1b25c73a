import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layersOf } from '../analysis/costs.ts';
import { defaultSettings } from '../analysis/settings.ts';
import { fixture } from '../testing/fixture.ts';
import { problemsOf } from './index.ts';

const layers = [
  'conv 3x3 -> 16 dilation 1 padding same',
  'conv 3x3 -> 16 dilation 2 padding same',
  'conv 1x3 -> 16 dilation 1 padding same',
  'conv 1x3 -> 16 dilation 1x2 padding same',
  'dwconv 3x3 dilation 1',
  'dwconv 3x3 dilation 2',
];

function opened(target: string) {
  const { snapshot } = fixture(
    `target ${target}\nspace s {\n  input 32x32x16\n  ${layers.join('\n  ')}\n}\n`,
  );
  const told = problemsOf(snapshot, defaultSettings).map(({ code, severity, message, start }) => ({
    layer: snapshot.lines.positionAt(start).line - 3,
    told: `${severity} ${code}`,
    message,
  }));
  const times = layersOf(snapshot).map(({ targets }) => targets[0]?.metrics.latency?.high);
  return { told, times };
}

test('a dilated convolution is called slow where the runtime has no fast kernel for it, and nowhere else', () => {
  const { told, times } = opened('"nucleo-l4r5zi" { runtime tflm + cmsis-nn }');
  assert.deepEqual(
    told.map((each) => [each.layer, each.told]),
    [[5, 'information kernel/slow-path']],
  );
  // Where no note is made of it, it takes no longer than the same layer without dilation; at the edges some taps lie beside the image.
  for (const plain of [0, 2]) assert.ok((times[plain + 1] ?? NaN) <= (times[plain] ?? NaN), times.join());
});

test('a dilated convolution that leaves the fast kernels or cannot run is told of at its layer', () => {
  for (const [target, what, words] of [
    ['"esp32-s3-devkitc-1"', 'information kernel/slow-path', /need dilation 1/],
    ['"nucleo-f746zg" { runtime tinyengine }', 'error operator/unsupported', /does not read dilations/],
  ] as const) {
    const { told } = opened(target);
    const dilated = told.filter(({ message }) => words.test(message));
    assert.deepEqual(
      dilated.map((each) => [each.layer, each.told]),
      [1, 3, 5].map((layer) => [layer, what]),
      target,
    );
  }
});
