import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataRam, largestBankBytes, placeArena } from './placement.ts';
import { price } from './price.ts';
import { chain, conv, targetNamed } from './testing.ts';
import type { Target } from './target.ts';

const kilobytes = 1024;
const h743 = targetNamed({ board: 'nucleo-h743zi' });
const f446 = targetNamed({ board: 'nucleo-f446re' });

const bankOf = (target: Target, bytes: number): string | undefined =>
  placeArena(target, bytes, undefined).bank?.name;

test('the fastest bank that holds the arena is taken, banks for code never', () => {
  assert.equal(bankOf(h743, 100 * kilobytes), 'DTCM');
  assert.equal(bankOf(h743, 129 * kilobytes), 'AXI SRAM');
  assert.equal(bankOf(h743, 512 * kilobytes), 'AXI SRAM');
  assert.ok(placeArena(h743, 1, undefined).banks.every(({ name }) => !name.includes('ITCM')));
});

test('RAM for data is what a program can take: no banks for code, none that caches or the system keep', () => {
  const inAll = (board: string) => dataRam(targetNamed({ board }).board);
  // 128 + 512 + 128 + 128 + 32 + 64 KB, without the ITCM.
  assert.deepEqual(inAll('nucleo-h743zi'), { onChip: 992 * kilobytes, external: 0 });
  assert.deepEqual(inAll('esp32-c3-devkitm-1'), { onChip: 321_296, external: 0 });
  assert.equal(inAll('stm32h747i-disco').external, 32 * 1024 * kilobytes);
});

test('banks that follow each other hold one arena, those that do not do not', () => {
  assert.equal(bankOf(f446, 120 * kilobytes), 'SRAM1 + SRAM2');
  assert.equal(bankOf(f446, 129 * kilobytes), undefined);
  assert.equal(bankOf(targetNamed({ board: 'nucleo-f746zg' }), 310 * kilobytes), 'DTCM + SRAM1 + SRAM2');
  const { bank, fits, message } = placeArena(h743, 600 * kilobytes, undefined);
  assert.equal(bank, undefined);
  assert.equal(fits, false);
  assert.match(message, /600 KB fits in no bank of .*: the largest bank, AXI SRAM, has 512 KB\./);
  assert.match(message, /an arena is one piece/);
});

test('memory outside the chip is the last resort, and said to be slow where it was seen to be', () => {
  const disco = targetNamed({ board: 'stm32h747i-disco', runtime: 'tflm + cmsis-nn' });
  assert.equal(bankOf(disco, 500 * kilobytes), 'AXI SRAM');
  const { bank, message } = placeArena(disco, 600 * kilobytes, undefined);
  assert.equal(bank?.name, 'External SDRAM');
  assert.match(message, /outside the chip, where a network took up to 3.65 times as long/);
  assert.equal(largestBankBytes(disco.board), 512 * kilobytes);
  const generated = targetNamed({ board: 'stm32h747i-disco', runtime: 'x-cube-ai 8' });
  assert.match(placeArena(generated, 600 * kilobytes, undefined).message, /networks were not slower/);
  const sram = disco.board.sram.map(({ name, bytes, access = 'bus' }) => ({ name, bytes, access }));
  const unknown = { ...disco, board: { ...disco.board, sram } };
  assert.match(
    placeArena(unknown, 600 * kilobytes, undefined).message,
    /is not known; the interval of the latency reaches to 5.4 times/,
  );
});

test('the interval reaches as far as memory outside the chip was seen to slow networks down', () => {
  const disco = targetNamed({ board: 'stm32h747i-disco', runtime: 'tflm + cmsis-nn' });
  const inside = { ...disco.board, sram: disco.board.sram.map((bank) => ({ ...bank, bytes: 2 ** 24 })) };
  for (const [channels, factor] of [
    [8, 1],
    [64, 3.65],
  ] as const) {
    const network = chain([96, 96, channels], [conv(channels, 1), [96, 96, channels]]);
    const outside = price(network, disco).total.latency;
    const onChip = price(network, { ...disco, board: inside }).total.latency;
    assert.ok(outside !== undefined && onChip !== undefined);
    assert.equal(outside.value, onChip.value);
    assert.equal(outside.low, onChip.low);
    assert.ok(Math.abs(outside.high / onChip.high - factor) < 1e-9);
  }
});

test('what fits in no bank is not priced as if it did', () => {
  const large = chain([96, 96, 64], [conv(64, 1), [96, 96, 64]]);
  const wide = { ...f446.board, sram: f446.board.sram.map((bank) => ({ ...bank, bytes: 2 ** 24 })) };
  const nowhere = price(large, f446).total;
  const onChip = price(large, { ...f446, board: wide }).total;
  assert.ok(nowhere.latency !== undefined && onChip.latency !== undefined);
  assert.equal(nowhere.latency.value, onChip.latency.value);
  assert.ok(Math.abs(nowhere.latency.high / onChip.latency.high - 5.4) < 1e-9);
  assert.match(
    placeArena(f446, nowhere.ram.value, undefined).message,
    /fits in no bank .* The interval of the latency reaches as far .* 5\.4 times \(MCUNetESP/,
  );
});

test('the rest of the program needs room too', () => {
  assert.equal(placeArena(f446, 120 * kilobytes, 6 * kilobytes).fits, true);
  const { fits, bank, message } = placeArena(f446, 120 * kilobytes, 9 * kilobytes);
  assert.equal(fits, false);
  assert.equal(bank?.name, 'SRAM1 + SRAM2');
  assert.match(message, /needs 9 KB and 8 KB are left/);
});

test('what the system keeps of a bank is no place for an arena', () => {
  const esp32 = targetNamed({ board: 'esp32-devkitc' });
  assert.equal(bankOf(esp32, 176 * kilobytes), 'SRAM2');
  assert.equal(bankOf(esp32, 190 * kilobytes), undefined);
});
