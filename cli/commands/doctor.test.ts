import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { exitCode } from '../exit-codes.ts';
import { invoke, violations } from '../testing/capture.ts';
import { doctor } from './doctor.ts';

test('everything that measuring needs is said, and what to do where it is not here', async () => {
  const { code, out } = await invoke(['doctor']);
  assert.equal(code, exitCode.ok, out);
  assert.match(out, /^ok +the probe: Its images for .*pico.*virtual:rp2040.* are whole\.$/m);
  assert.match(out, /^(ok|missing) +qemu-system-arm: /m);
  assert.match(out, /^(ok|missing) +arm-none-eabi-gcc: /m);
  for (const line of out
    .trim()
    .split('\n')
    .filter((each) => each.startsWith('missing'))) {
    assert.match(line, /install it|hold its boot button|run "nasturtium profile" on the machine/);
  }
  assert.deepEqual(violations('doctor', JSON.parse((await invoke(['doctor', '--json'])).out)), []);
});

test('the rules for Linux name every board that can be programmed, and nothing else is printed', async () => {
  const { code, out } = await invoke(['doctor', '--udev']);
  assert.equal(code, exitCode.ok);
  assert.match(out, /ATTR\{idVendor\}=="2e8a", ATTR\{idProduct\}=="0003"/);
  assert.match(out, /ATTR\{idVendor\}=="1209", ATTR\{idProduct\}=="0001"/);
  assert.ok(out.split('\n').every((line) => line === '' || /^(#|SUBSYSTEM==)/.test(line)));
});

test('an image that is not what its manifest says is broken, and the exit code says so', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-doctor-'));
  try {
    cpSync(path.join(import.meta.dirname, '../../firmware-probe/images'), folder, { recursive: true });
    writeFileSync(path.join(folder, 'rp2040.bin'), 'not the probe');
    let out = '';
    const io = {
      out: (text: string) => void (out += text),
      exact: () => undefined,
      err: () => undefined,
      stdin: () => Promise.resolve(''),
      interactive: false,
      stop: new AbortController().signal,
      stopGently: () => undefined,
      style: (_: unknown, text: string) => text,
    };
    const code = await doctor(io, { udev: false, json: false }, { imagesFolder: folder });
    assert.equal(code, exitCode.problems);
    assert.match(out, /^broken +the probe of .*Pico.*Install the extension anew\.$/m);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
