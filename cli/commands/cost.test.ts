import { runtimesOf } from '../../device-profiles/able.ts';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { originOfLatency, resolveTarget, shippedProfiles } from '../../engine/cost/index.ts';
import type { CostDetail, CostReport } from '../../engine/model/index.ts';
import { severalGraphs, withZeroChannels } from '../../engine/model/testing/odd-models.ts';
import { invoke, violations } from '../testing/capture.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-cost-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string | Uint8Array): string {
  const place = path.join(folder, name);
  writeFileSync(place, text);
  return place;
}

const space = file(
  'space.nas',
  `target "nucleo-f446re" { clock 90 MHz }
space small {
  input 16x16x3
  tie w = {8 | 16}

  conv {3 | 5} -> w stride 2, relu
  gap; dense -> 4
}
`,
);

const network = file(
  'network.nas',
  'space one {\n  input 8x8x4\n  conv 1x1 -> 8, relu6\n  gap\n  dense -> 2\n  softmax\n}\n',
);

async function costOf(...args: string[]): Promise<CostReport> {
  const { code, out, err } = await invoke(['cost', ...args, '--json']);
  assert.equal(code, 0, err);
  const document: unknown = JSON.parse(out);
  assert.deepEqual(violations('cost', document), []);
  return document as CostReport;
}

describe('cost', () => {
  test('prints exactly the documented form', async () => {
    const report = await costOf(network, '--target', 'nucleo-f446re', '--runtime', 'tflm+cmsis-nn');
    assert.deepEqual(Object.keys(report), ['schema', 'target', 'runtime', 'layers', 'total']);
    assert.equal(report.target, 'nucleo-f446re');
    assert.equal(report.runtime, 'tflm + cmsis-nn');
    const [first] = report.layers;
    assert.deepEqual(Object.keys(first ?? {}), [
      'name',
      'op',
      'line',
      'macs',
      'latency_ms',
      'ram_bytes',
      'flash_bytes',
      'energy_uj',
      'origin',
    ]);
    assert.deepEqual(Object.keys(report.total), [
      'macs',
      'latency_ms',
      'ram_bytes',
      'flash_bytes',
      'energy_uj',
    ]);
    assert.deepEqual(
      report.layers.map(({ op, line, macs }) => [op, line, macs]),
      [
        ['conv_2d', 3, 8 * 8 * 4 * 8],
        ['mean', 4, 0],
        ['fully_connected', 5, 16],
        ['softmax', 6, 0],
      ],
    );
    assert.equal(report.total.macs, 8 * 8 * 4 * 8 + 16);
    // The input (256 B) and the output (512 B) of the convolution are alive at once, and the interpreter needs some.
    assert.ok(report.total.ram_bytes > 768);
  });

  test('takes target and clock from the file, and the target from the command line before that', async () => {
    const slow = await costOf(space, '--arch', 'min');
    const fast = await costOf(space, '--arch', 'min', '--clock', '180');
    assert.equal(slow.target, 'nucleo-f446re');
    const ratio = (slow.total.latency_ms?.value ?? 0) / (fast.total.latency_ms?.value ?? 1);
    assert.ok(Math.abs(ratio - 2) < 1e-3, `${ratio}`);
    // The clock in the file is that of its own board.
    assert.equal((await costOf(space, '--target', 'pico')).target, 'pico');
  });

  test('prints null, not a guess, where no data supports a number', async () => {
    // Boards gain measurements with time: one that has none yet.
    const without = shippedProfiles.boards.flatMap((board) =>
      runtimesOf(shippedProfiles, board).flatMap(({ id: runtime }) => {
        const resolved = resolveTarget(shippedProfiles, { board: board.id, runtime });
        const isKnown =
          'problem' in resolved || !/^No published measurement/.test(originOfLatency(resolved.target));
        return isKnown ? [] : [['--target', board.id, '--runtime', runtime]];
      }),
    )[0];
    assert.ok(without !== undefined, 'Every target has data: this test needs a profile of its own.');
    const report = await costOf(network, ...without);
    assert.equal(report.total.latency_ms, null);
    assert.equal(report.total.energy_uj, null);
    for (const layer of report.layers) {
      assert.equal(layer.latency_ms, null);
      assert.equal(layer.origin, 'unsupported');
    }
    assert.ok(report.total.ram_bytes > 768);
    const { out } = await invoke(['cost', network, ...without]);
    assert.match(out, /^ +total .*no data/m);
  });

  test('prices the least, the greatest, a drawn and a given architecture', async () => {
    const least = await costOf(space, '--arch', 'min');
    const most = await costOf(space, '--arch', 'max');
    assert.ok(least.total.macs < most.total.macs);
    assert.deepEqual(await costOf(space), most);
    assert.deepEqual(await costOf(space, '--arch', '5'), await costOf(space, '--arch', '5'));
    const macs = new Set<number>();
    for (const seed of ['1', '2', '3', '4', '5', '6', '7', '8']) {
      macs.add((await costOf(space, '--arch', seed)).total.macs);
    }
    assert.ok(macs.size > 1);
    const decisions = file('decisions.json', JSON.stringify({ decisions: { w: 0, 'conv.1/kernel': 0 } }));
    assert.deepEqual(await costOf(space, '--arch', decisions), least);
    const decided = await costOf(space, '--arch', network);
    assert.equal(decided.layers.length, 4);
  });

  test('tells what is wrong with an architecture', async () => {
    const errorOf = async (...args: string[]) => {
      const { code, err } = await invoke(['cost', space, ...args]);
      assert.equal(code, 2);
      return err;
    };
    assert.match(
      await errorOf('--arch', file('a.json', '{"w": 7}')),
      /does not describe an architecture of "small"/,
    );
    assert.match(await errorOf('--arch', file('b.json', '[1]')), /holds no decisions/);
    assert.match(await errorOf('--arch', file('c.json', 'w = 1')), /is no JSON/);
    assert.match(await errorOf('--arch', space), /leaves choices open/);
    assert.match(await errorOf('--target', 'nucleo-f446'), /There is no board "nucleo-f446"\. Did you mean/);
    assert.match(await errorOf('--space', 'large'), /no space "large"\. Its spaces are: small/);
    const { code, err } = await invoke(['cost', network]);
    assert.equal(code, 2);
    assert.match(err, /names no target\. Give one, for example --target/);
  });

  test('does not price what cannot be built, and says where to look', async () => {
    const { code, err } = await invoke([
      'cost',
      file('broken.nas', 'target "pico"\nspace a {\n  input 8x8x1\n  conv 3x3 -> unknown_name\n}\n'),
    ]);
    assert.equal(code, 1);
    assert.match(err, /No network can be built from .*broken\.nas\. Line 4: .*nasturtium check/);
  });

  test('shows a person the layers, the arena, the bounds of the space and what is assumed', async () => {
    const { code, out } = await invoke(['cost', space, '--arch', 'min']);
    assert.equal(code, 0);
    assert.match(out, /^small, architecture \S+ \(--arch min\) on ST /);
    assert.match(out, /^ +6 {2}conv\.1 +conv_2d .* ms \(.* to .*\) .*fitted$/m);
    assert.match(out, /^ +total /m);
    assert.match(out, /^Arena .* activations and scratch/m);
    assert.match(out, /^Space {2}4 architectures: latency .*–.* ms, RAM /m);
    assert.match(out, /^Assumes tflm \+ cmsis-nn at 90 MHz/m);
    assert.match(out, /90 % confidence/);
  });

  test('prices a published model, whose layers have no lines', async () => {
    const model = path.resolve(
      import.meta.dirname,
      '../../test/fixtures/tflite/mlperf_tiny_ic_resnet8_int8.tflite',
    );
    const report = await costOf(model, '--target', 'nucleo-l4r5zi');
    assert.equal(report.layers.length, 16);
    assert.equal(report.layers[0]?.line, null);
    assert.equal(report.total.macs, 12_501_632);
    assert.equal(report.total.flash_bytes, 98_496);
    assert.match(
      (await invoke(['cost', model, '--target', 'pico'])).out,
      /^mlperf_tiny_ic_resnet8_int8\.tflite on /,
    );
    const broken = file('broken.tflite', 'no model at all');
    const { code, err } = await invoke(['cost', broken, '--target', 'pico']);
    assert.equal(code, 1);
    assert.match(
      err,
      /broken\.tflite cannot be priced\. This is a text, not a TensorFlow Lite model.* Choose a \.tflite/,
    );
  });

  test('prices every graph of a model, and says which channels are idle', async () => {
    const several = file('several.tflite', severalGraphs());
    const report = await costOf(several, '--target', 'nucleo-f446re');
    assert.deepEqual(
      report.subgraphs?.map(({ name, layers }) => [name, layers.length]),
      [
        ['small', 2],
        ['large', 2],
        ['forgotten', 2],
      ],
    );
    const text = await invoke(['cost', several, '--target', 'nucleo-f446re']);
    assert.match(text.out, /^large, run by main\/chosen$/m);
    assert.match(text.out, /^forgotten, nobody runs it$/m);
    assert.match(text.err, /several\.tflite: warning: A tensor of the format bool counts by size alone/);

    const idle = file('idle.tflite', withZeroChannels('int8'));
    const [layer] = (await costOf(idle, '--target', 'nucleo-f446re')).layers;
    assert.deepEqual(layer?.zero_channels, { zero: 2, channels: 4 });
    const { out } = await invoke(['cost', idle, '--target', 'nucleo-f446re']);
    assert.match(out, /^- half: 2 of 4 output channels have only zero weights/m);
  });

  test('with --detail prints what a page shows, and --report writes one', async () => {
    const page = path.join(folder, 'cost.html');
    const report = await costOf(space, '--arch', 'median', '--detail', '--report', page);
    const { detail } = report as CostReport & { readonly detail: CostDetail };
    const [graph] = detail.graphs;
    assert.equal(graph?.layers.length, report.layers.length);
    assert.equal(graph.layers[0]?.line, report.layers[0]?.line);
    assert.ok(graph.memory.buffers.some(({ peak }) => peak));
    assert.match(graph.memory.peak, /^The peak of .* is in layer \d[^.]*(\.\d[^.]*)*\.$/);
    const html = readFileSync(page, 'utf8');
    assert.ok(html.includes(graph.memory.chart));
    const { code, err } = await invoke(['cost', space, '--report', path.join(folder, 'no', 'such.html')]);
    assert.equal(code, 3);
    assert.match(err, /such\.html does not exist/);
  });

  test('takes the median of the RAM of some architectures, the same every time', async () => {
    const ram = async (arch: string) => (await costOf(space, '--arch', arch)).total.ram_bytes;
    const [low, middle, high] = [await ram('min'), await ram('median'), await ram('max')];
    assert.ok(low <= middle && middle <= high, `${low} ${middle} ${high}`);
    assert.deepEqual(await costOf(space, '--arch', 'median'), await costOf(space, '--arch', 'median'));
  });

  test('prices a text that is not on the disk yet', async () => {
    const unsaved = path.join(folder, 'unsaved.nas');
    const stdin = 'import "space.nas"\nspace two {\n  input 8x8x4\n  conv 1x1 -> 8\n  gap\n  dense -> 2\n}\n';
    const { code, out, err } = await invoke(
      ['cost', unsaved, '--stdin', '--space', 'two', '--target', 'pico', '--json'],
      { stdin },
    );
    assert.equal(code, 0, err);
    assert.equal((JSON.parse(out) as CostReport).layers[0]?.line, 4);
  });

  test('what is priced in spite of a line that cannot be read is said', async () => {
    const unread = file('unread.nas', readFileSync(network, 'utf8').replace('gap', 'gap @'));
    const { code, out, err } = await invoke(['cost', unread, '--target', 'pico', '--json']);
    assert.equal(code, 0);
    assert.deepEqual(violations('cost', JSON.parse(out)), []);
    assert.match(err, /unread\.nas is priced as far as it can be read\. Line 4: `@` has no meaning/);
  });

  test('an architecture that is no word, seed or file is not looked for as one', async () => {
    for (const arch of ['3.5', '-1', 'mid']) {
      const { code, err } = await invoke(['cost', space, `--arch=${arch}`]);
      assert.equal(code, 2);
      assert.match(err, /--arch (3\.5|-1|mid) means nothing: give min, median, max/);
    }
  });

  test('a target with a schedule has its average power, and its battery a life', async () => {
    const sleepy = (inside: string): string =>
      file(
        'sleepy.nas',
        readFileSync(space, 'utf8').replace(
          '"nucleo-f446re" { clock 90 MHz }',
          `"nucleo-u575zi-q" { ${inside} }`,
        ),
      );
    const keys = ['average_power_uw', 'battery_life_days'];
    const told = async (inside: string, ...args: string[]) => {
      const { total } = await costOf(sleepy(inside), ...args);
      return keys.filter((key) => key in total);
    };
    assert.deepEqual(await told(''), []);
    assert.deepEqual(await told('schedule every 2 s'), keys.slice(0, 1));
    const both = 'schedule every 2 s; battery 230 mAh at 3 V';
    assert.deepEqual(await told(both, '--detail'), keys);
    const { total } = await costOf(sleepy(both));
    const [power, life] = [total.average_power_uw, total.battery_life_days];
    assert.ok(power && life && power.low < power.value && power.value < power.high && life.low < life.high);
    // No board has a figure at this clock.
    const slow = await costOf(sleepy(`clock 80 MHz; ${both}`));
    assert.deepEqual([slow.total.average_power_uw, slow.total.battery_life_days], [null, null]);
    const { out } = await invoke(['cost', sleepy(both)]);
    assert.match(
      out,
      /^Sleep {2}every 2 s on 230 mAh at 3 V: average power [\d.]+ µW \(.*\), battery life [\d.]+ years \(.*\)\.$/m,
    );
    assert.match(out, /^Space .*, average power [\d.–]+ µW, battery life [\d.–]+ years\.$/m);
    assert.match((await invoke(['cost', sleepy(`clock 80 MHz; ${both}`)])).out, /^Sleep {2}.*: no data\.$/m);
    // Another board has no schedule of the file's.
    assert.doesNotMatch((await invoke(['cost', sleepy(both), '--target', 'pico'])).out, /^Sleep/m);
    const page = path.join(folder, 'sleepy.html');
    await invoke(['cost', sleepy(both), '--report', page]);
    assert.match(readFileSync(page, 'utf8'), /<dt>battery life<\/dt><dd>[\d.]+ years \(/);
  });

  test('a space that is declared but broken is not called missing', async () => {
    const broken = file('broken.nas', 'space s {\n  dense -> \n');
    for (const args of [[broken], [broken, '--space', 's']]) {
      const { code, err } = await invoke(['cost', ...args, '--target', 'pico']);
      assert.equal(code, 1);
      assert.match(err, /No network can be built from .*broken\.nas\. Line 2: Expected the output/);
    }
    const other = await invoke(['cost', broken, '--space', 'q', '--target', 'pico']);
    assert.equal(other.code, 2);
    assert.match(other.err, /has no space "q"\. Its spaces are: s\./);
  });

  test('a space that its conditions empty is no fault of the program', async () => {
    const ties = Array.from({ length: 14 }, (_, index) => `t${index}`);
    const lines = [
      ...ties.map((tie) => `tie ${tie} = 1..8`),
      ...[...ties, ...ties].map((tie) => `conv 1x1 -> ${tie}`),
      `require ${ties.join(' + ')} == 14`,
    ];
    const empty = file('empty.nas', `space s {\n  input 8x8x1\n${lines.join('\n')}\n}\n`);
    const { code, err } = await invoke(['cost', empty, '--target', 'pico', '--arch', '7']);
    assert.equal(code, 1);
    assert.match(err, /The space "s" cannot be drawn from\. None of 10,000 .* `require` on line 45\./);
  });
});
