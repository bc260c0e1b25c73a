import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatBound,
  formatBytes,
  formatCount,
  formatEstimate,
  formatMicrojoules,
  formatMilliseconds,
  formatNumber,
} from './format.ts';
import { originOfEnergy, originOfLatency } from './origin.ts';
import { targetNamed } from './testing.ts';

test('numbers have three significant digits and no exponent', () => {
  assert.deepEqual(
    [0, 0.001234, 1.2345, 12.345, 123.45, 1234.5, 1e6].map((value) => formatNumber(value)),
    ['0', '0.00123', '1.23', '12.3', '123', '1235', '1000000'],
  );
});

test('units change where a person would change them', () => {
  assert.equal(formatBytes(1023), '1023 B');
  assert.equal(formatBytes(16 * 1024), '16 KB');
  assert.equal(formatBytes(2.5 * 1024 * 1024), '2.5 MB');
  assert.equal(formatBytes(6 * 1024 ** 3), '6 GB');
  assert.equal(formatMilliseconds(0.5), '500 µs');
  assert.equal(formatMilliseconds(12.345), '12.3 ms');
  assert.equal(formatMilliseconds(25_000), '25 s');
  assert.equal(formatMicrojoules(1234), '1.23 mJ');
  assert.equal(formatCount(12_501_632), '12.5 M');
});

test('an interval is shown with its value, a range with one unit', () => {
  const ms = formatMilliseconds;
  assert.equal(formatEstimate({ value: 12.4, low: 11.5, high: 13.3 }, ms), '12.4 ms (11.5 ms to 13.3 ms)');
  assert.equal(formatEstimate({ value: 5, low: 5, high: 5 }, ms), '5 ms');
  assert.equal(formatBound({ low: 3.1, high: 9.4 }, ms), '3.1 to 9.4 ms');
  assert.equal(formatBound({ low: 0.5, high: 9.4 }, ms), '500 µs to 9.4 ms');
});

test('origins name the build and the error, or why there is no number', () => {
  assert.match(
    originOfLatency(targetNamed({ board: 'nucleo-l4r5zi' })),
    /CMSIS-NN 3\.6\.0.*-O3.*% in the median/,
  );
  assert.match(
    originOfLatency(targetNamed({ board: 'pico', runtime: 'nasturtium-probe' })),
    /^No published measurement/,
  );
  assert.match(originOfEnergy(targetNamed({ board: 'pico' })), /^No published power measurement/);
  assert.match(originOfEnergy(targetNamed({ board: 'nucleo-l4r5zi' })), /41 mW .*MLPerf Tiny/);
  assert.match(
    originOfEnergy(targetNamed({ board: 'esp32-devkitc' })),
    /an estimate .*data sheet.*nobody has measured/,
  );
});
