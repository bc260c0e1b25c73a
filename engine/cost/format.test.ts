import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatBytes,
  formatCount,
  formatAmount,
  formatEnergy,
  formatEstimate,
  formatHertz,
  formatPercent,
  formatTime,
  formatMetric,
  formatNumber,
} from './format.ts';
import { originOfEnergy, originOfLatency } from './origin.ts';
import { targetNamed, withoutLatency } from './testing.ts';

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
  assert.equal(formatTime(0.5), '500 µs');
  assert.equal(formatTime(12.345), '12.3 ms');
  assert.equal(formatTime(25_000), '25 s');
  assert.equal(formatEnergy(1234), '1.23 mJ');
  assert.equal(formatCount(12_501_632), '12.5 M');
  assert.equal(formatCount(1999, 'MACs'), '2 k MACs');
  assert.equal(formatTime(0), '0 ms');
  assert.equal(formatTime(0.9996), '1 ms');
  assert.equal(formatTime(0.0042), '4.2 µs');
  assert.equal(formatHertz(133e6), '133 MHz');
  assert.equal(formatHertz(32_768), '32.77 kHz');
});

test('an interval is shown with its value, a range with one unit', () => {
  assert.equal(
    formatEstimate('latency', { value: 12.4, low: 11.5, high: 13.3 }),
    '12.4 ms (11.5 to 13.3 ms)',
  );
  assert.equal(formatEstimate('latency', { value: 5, low: 5, high: 5 }), '5 ms');
  assert.equal(formatTime({ low: 3.1, high: 9.4 }), '3.1–9.4 ms');
  assert.equal(formatAmount('time', { low: 0.5, high: 9.4 }, { between: ' to ' }), '0.5 to 9.4 ms');
  assert.equal(formatTime({ low: 0.00001, high: 9.4 }), '0–9.4 ms');
});

test('origins name the build and the error, or why there is no number', () => {
  assert.match(
    originOfLatency(targetNamed({ board: 'nucleo-l4r5zi' })),
    /CMSIS-NN 3\.6\.0.*-O3.*% in the median/,
  );
  assert.match(
    originOfLatency(withoutLatency(targetNamed({ board: 'pico', runtime: 'nasturtium-probe' }))),
    /^No published measurement/,
  );
  assert.match(originOfEnergy(targetNamed({ board: 'pico' })), /^No published power measurement/);
  assert.match(originOfEnergy(targetNamed({ board: 'nucleo-l4r5zi' })), /41 mW .*MLPerf Tiny/);
  assert.match(
    originOfEnergy(targetNamed({ board: 'esp32-devkitc' })),
    /an estimate .*data sheet.*nobody has measured/,
  );
});

test('each metric is written in the unit of its measure', () => {
  assert.equal(formatMetric('accuracy', 0.8816), '88.2 %');
  assert.equal(formatMetric('accuracy', { low: 0.86, high: 0.9 }), '86.0 to 90.0 %');
  assert.equal(formatMetric('ram', 15_872), '15.5 KB');
  assert.equal(formatMetric('flash total', 3_000_000), '2.86 MB');
  assert.equal(formatMetric('energy', 44_800), '44.8 mJ');
  assert.equal(formatMetric('average power', { low: 0.8, high: 12.5 }), '0.8–12.5 µW');
  assert.equal(formatMetric('average power', 1280), '1.28 mW');
  assert.equal(formatMetric('battery life', { low: 61.4, high: 204 }), '61.4–204 days');
  assert.equal(formatMetric('battery life', 730.5), '2 years');
  assert.equal(formatMetric('battery life', 0.25), '6 h');
  assert.equal(formatMetric('macs', 1_234_567), '1.23 M');
  assert.equal(formatPercent(0.12345, 2), '12.35 %');
});
