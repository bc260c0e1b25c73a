/**
 * A network as C answers as this project's int8 interpreter, which answers as LiteRT, on every core; and its memory is
 * laid out by the plan that it is priced by.
 */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { price } from '../../engine/cost/index.ts';
import { targetNamed } from '../../engine/cost/testing.ts';
import { buildForHost, buildImage, machines, type Core, type Program } from '../firmware/build.ts';
import { families } from '../firmware/index.ts';
import { emulate, runProgram } from '../firmware/run.ts';
import { skipWithout } from '../testing/programs.ts';
import { networkC } from './network-c.ts';
import {
  allNetworks,
  clothes,
  jobOf,
  kernels,
  ownTarget,
  samplesOf,
  writeNetworks,
  type Sample,
} from './testing/networks.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-deploy-'));
after(() => rmSync(folder, { recursive: true }));

const deployed = allNetworks();
const samples = samplesOf(deployed);

function program(): Program {
  const { sources } = writeNetworks(path.join(folder, 'source'), deployed);
  const own = path.join(import.meta.dirname, 'testing/run.c');
  return { sources: [own, ...sources], folders: [path.join(folder, 'source')] };
}

function sameAnswers(expected: readonly Sample[], printed: string): void {
  const lines = printed.trim().split('\n');
  assert.equal(lines.length, expected.length, printed.slice(0, 1000));
  expected.forEach(({ network, expected: values, tolerance }, at) => {
    const answer = new Int8Array(Buffer.from(lines[at] ?? '', 'hex'));
    const name = deployed[network]?.quantized.network.ops.map(({ kind }) => kind).join(' ');
    assert.equal(answer.length, values.length, `${name}: ${lines[at]}`);
    const far = values.filter((value, i) => Math.abs(value - (answer[i] ?? NaN)) > tolerance).length;
    assert.equal(far, 0, name);
  });
}

describe('networks as C', () => {
  for (const core of Object.keys(machines) as Core[]) {
    const skip = skipWithout(machines[core].compiler, machines[core].emulator);
    it(`answer on ${core} as the interpreter`, { skip }, () => {
      sameAnswers(samples, emulate(core, buildImage(core, folder, program()), jobOf(samples)));
    });
  }
});

describe('networks as C on the host', { skip: skipWithout('gcc') }, () => {
  it('answer as the interpreter, under the sanitizers of addresses and of undefined behaviour', () => {
    sameAnswers(samples, runProgram(buildForHost(folder, program()), jobOf(samples)));
  });
});

describe('the C of a network', () => {
  it('has the arena that is priced, on every kind of core', () => {
    const { quantized } = clothes();
    const { arenaBytes } = networkC({ name: 'net', quantized, target: ownTarget, provenance: [] }, kernels);
    const boards = { plain: 'virtual:m3', dsp: 'virtual:m4', mve: 'virtual:m55' } as const;
    for (const family of families) {
      const target = targetNamed({ board: boards[family], runtime: 'nasturtium-probe' });
      const { value, low, high } = price(quantized.network, target).total.ram;
      const bytes = arenaBytes[family];
      assert.ok(low <= bytes && bytes <= high, `${family}: ${bytes} of ${value}, ${low} to ${high}`);
    }
  });

  it('comes with the kernels that it needs alone', () => {
    const dense = kernels.filesOf(['fully_connected']);
    assert.deepEqual(
      [...dense.keys()],
      ['core.c', 'fully_connected.c', 'nas_core.h', 'nas_kernels.h', 'nas_rows.h'],
    );
    assert.ok(kernels.filesOf(['conv2d']).has('block_v6m.S'));
    assert.deepEqual(
      [...kernels.filesOf(['depthwise_conv2d']).keys()].filter((file) => file.startsWith('depthwise')),
      ['depthwise.c', 'depthwise_dsp.c', 'depthwise_mve.c'],
    );
  });

  it('says which operator has no kernel', () => {
    const { quantized } = clothes();
    const [op, ...ops] = quantized.network.ops;
    assert.ok(op !== undefined);
    const network = { ...quantized.network, ops: [{ ...op, kind: 'dequantize' as const }, ...ops] };
    assert.throws(
      () =>
        networkC(
          {
            name: 'net',
            quantized: { ...quantized, network },
            target: ownTarget,
            provenance: [],
          },
          kernels,
        ),
      /\(dequantize\) has no int8 kernel\. Leave it out/,
    );
  });
});
