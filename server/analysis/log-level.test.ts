import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isLogLevel, logLevels, tells } from './log-level.ts';
import { defaultSettings, readSettings } from './settings.ts';

test('each level tells what those before it tell, and off tells nothing', () => {
  const told = logLevels.map((chosen) =>
    (['error', 'warning', 'info', 'debug', 'trace'] as const).filter((level) => tells(chosen, level)),
  );
  assert.deepEqual(
    told.map(({ length }) => length),
    [0, 1, 2, 3, 4, 5],
  );
  assert.deepEqual(told[3], ['error', 'warning', 'info']);
});

test('what is no level counts as absent', () => {
  assert.equal(readSettings({ log: { level: 'debug' } }).logLevel, 'debug');
  for (const level of ['loud', 3, null]) {
    assert.ok(!isLogLevel(level));
    assert.equal(readSettings({ log: { level } }).logLevel, defaultSettings.logLevel);
  }
});
