/** What is counted instruction by instruction is what the emulated clock counts, and classes are those of the manual. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { skipWithout } from '../../testing/programs.ts';
import { buildImage } from '../build.ts';
import { runEmulated } from '../run.ts';
import { barCase, bars } from '../testing/bars.ts';
import { drawn } from './draw.ts';
import { follow, Follower } from './follow.ts';
import { isLong, registersLoaded } from './thumb.ts';

describe('instructions', () => {
  /** As the GNU assembler encodes them. */
  const encodings: readonly (readonly [text: string, first: number, second: number, registers: number])[] = [
    ['movs r0, #0', 0x2000, 0, 0],
    ['ldr r0, [pc, #68]', 0x4811, 0, 1],
    ['ldr r0, [r0, #4]', 0x6840, 0, 1],
    ['str r0, [r0, #4]', 0x6040, 0, 0],
    ['ldrsb r0, [r1, r2]', 0x5688, 0, 1],
    ['strb r0, [r1, r2]', 0x5488, 0, 0],
    ['ldrh r0, [r1, #2]', 0x8848, 0, 1],
    ['pop {r4, r5, pc}', 0xbd30, 0, 3],
    ['push {r4, r5, lr}', 0xb530, 0, 0],
    ['ldmia r0!, {r2, r3}', 0xc80c, 0, 2],
    ['ldmia.w ip!, {r2, r3, r4, r5}', 0xe8bc, 0x003c, 4],
    ['stmdb sp!, {r4, r5, r6}', 0xe92d, 0x0070, 0],
    ['ldrd r2, r3, [r0, #8]', 0xe9d0, 0x2302, 2],
    ['strd r2, r3, [r0, #8]', 0xe9c0, 0x2302, 0],
    ['tbb [pc, r0]', 0xe8df, 0xf000, 0],
    ['ldr.w r0, [r1, #4]', 0xf8d1, 0x0004, 1],
    ['ldrsb.w r3, [r2], #1', 0xf912, 0x3b01, 1],
    ['str.w r0, [r1, #4]', 0xf8c1, 0x0004, 0],
    ['pld [r1]', 0xf891, 0xf000, 0],
    ['vldr s0, [r0]', 0xed90, 0x0a00, 1],
    ['vpop {d8, d9}', 0xecbd, 0x8b04, 4],
    ['vldrb.8 q0, [r0], #16', 0xec90, 0x1e10, 0],
    ['smlad r0, r1, r2, r3', 0xfb21, 0x3002, 0],
  ];
  for (const [text, first, second, registers] of encodings)
    it(`load registers: ${text}`, () => {
      assert.equal(isLong(first), second !== 0);
      assert.equal(registersLoaded(first, second), registers);
    });
});

describe('a log', () => {
  const block = (address: string, ...code: readonly string[]) => [
    'IN: f',
    ...code.map((hex, i) => `0x${i === 0 ? address : '0'}:  ${hex}  what  ever`),
  ];
  const run = (host: string, address: string, name: string) =>
    `Trace 0: ${host} [00800408/${address}/00000110/ff020200] ${name}`;
  it('is counted between the start and the stop of the clock, a jump where code does not go on', () => {
    const follower = new Follower();
    for (const line of [
      ...block('00000100', '4811     '),
      run('0x1', '00000100', 'main'),
      run('0x1', '00000100', 'platform_start_clock'),
      // Two instructions, of which one loads two registers; run twice, the second time by a jump.
      ...block('00000200', 'e9d0 2302', '2000     '),
      run('0x2', '00000200', 'f'),
      run('0x2', '00000200', 'f'),
      // Where the block before ends.
      ...block('00000206', '6840     '),
      run('0x3', '00000206', 'f'),
      run('0x1', '00000100', 'platform_stop_clock'),
      run('0x1', '00000100', 'main'),
    ])
      follower.line(line);
    assert.deepEqual(follower.runs, [[5, 5, 1]]);
  });
  it('that names a block which nobody translated is refused', () => {
    const follower = new Follower();
    follower.line(run('0x1', '00000100', 'platform_start_clock'));
    assert.throws(() => follower.line(run('0x9', '00000100', 'f')), /not translated/);
  });
});

describe('layers', { skip: skipWithout('arm-none-eabi-gcc', 'qemu-system-arm') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'nasturtium-follow-'));
  after(() => rmSync(folder, { recursive: true }));
  for (const core of ['m4', 'm55'] as const)
    it(`have the instructions that the emulated clock counts: ${core}`, async () => {
      const image = buildImage(core, folder);
      const cases = bars.map((bar) => barCase(bar, 1));
      const clocked = runEmulated(core, image, cases);
      const followed = await follow(core, image, cases);
      followed.forEach(([instructions, loads, branches], i) => {
        // To ticks of the clock, which the runner takes for 31 nanoseconds where the machine has 31.25.
        const counted = (clocked[i]?.instructions ?? NaN) * (core === 'm55' ? 31.25 / 31 : 1);
        assert.ok(
          Math.abs(instructions - counted) <= 250 + 0.001 * instructions,
          `${String(instructions)} ${String(counted)}`,
        );
        assert.ok(loads + branches < instructions);
      });
    });
});

describe('shapes', () => {
  it('are the same whenever they are drawn, and each operator has some', () => {
    const all = [...drawn()];
    assert.deepEqual([...drawn()], all);
    const kinds = new Map<string, number>();
    for (const { kind } of all) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    assert.ok(Math.min(...kinds.values()) >= 20);
    assert.ok((kinds.get('conv_2d') ?? 0) >= 200);
  });
});
