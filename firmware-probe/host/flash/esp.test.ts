/** Programs in the RAM of an ESP32-C3 through its serial boot loader, against a model; time is that of the timers, which are ours. */

import assert from 'node:assert/strict';
import { before, mock, test } from 'node:test';
import { SerialPortMock } from 'serialport';
import { boardNamed, testBytes } from '../testing/bench.ts';
import { byteMs, c3, EspModel } from '../testing/esp-model.ts';
import { EspFlasher } from './esp.ts';
import { SystemSerialPort } from './esp-port.ts';
import { confirm, type Image, type Outcome } from './flasher.ts';

const image = (bytes = 40): Image => ({
  name: 'probe',
  chip: 'ESP32-C3',
  segments: [{ address: 0x3fc90000, bytes: testBytes(bytes) }],
  start: { pc: 0x40390000, sp: 0x3fcc0000 },
});

/** Does the work while time passes as quickly as it can. */
async function inOurTime<T>(work: () => Promise<T>, stepMs: number): Promise<T> {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  try {
    const state = { busy: true };
    const result = work();
    const over = () => (state.busy = false);
    result.then(over, over);
    while (state.busy) {
      await new Promise((resolve) => setImmediate(resolve));
      mock.timers.tick(stepMs);
    }
    return await result;
  } finally {
    mock.timers.reset();
  }
}

async function load(
  model: EspModel,
  program = image(),
  stepMs = 1,
): Promise<{ outcome: Outcome; ms: number }> {
  const flasher = new EspFlasher(model, boardNamed('esp32-c3-devkitm-1'));
  const plan = await flasher.plan(program);
  confirm(plan);
  return inOurTime(async () => {
    const start = Date.now();
    const outcome = await flasher.run(plan);
    return { outcome, ms: Date.now() - start };
  }, stepMs);
}

const holds = (model: EspModel): boolean =>
  Buffer.compare(model.ram.read(0x3fc90000, 40), testBytes(40)) === 0;

// The first load compiles what is needed, in time of the wall.
before(() => load(new EspModel()));

test('loads a program into RAM, reads it back, and starts it', async () => {
  const model = new EspModel();
  const { outcome } = await load(model);
  assert.deepEqual(outcome, { kind: 'running', bytes: 40, verified: 'read back' });
  assert.ok(holds(model));
  assert.equal(model.started, 0x40390000);
  assert.equal(model.readable, null, 'the port is given back');
});

test('tells another chip, memory that forgets, and programs for flash', async () => {
  const other = (await load(new EspModel(9))).outcome;
  assert.ok(other.kind === 'failed');
  assert.equal(other.left, 'untouched');
  assert.match(other.message, /says that it is an ESP32-S3, and the .* has the ESP32-C3/);
  const worn = new EspModel(c3);
  worn.wornAt = 0x3fc90009;
  const differs = (await load(worn)).outcome;
  assert.ok(differs.kind === 'failed');
  assert.match(differs.message, /^What was read back at 0x3fc90009 is not what was written/);
  const flasher = new EspFlasher(new EspModel(), boardNamed('esp32-c3-devkitm-1'));
  await assert.rejects(flasher.plan({ ...image(), start: 'reset' }), /BoardError/);
});

test('a cable pulled at any packet is told, and the board can be loaded again', async () => {
  const whole = new EspModel();
  await load(whole);
  assert.ok(whole.packets > 12);
  for (let packet = 0; packet < whole.packets; packet++) {
    const model = new EspModel();
    model.pullAt = packet;
    const { outcome } = await load(model);
    assert.ok(outcome.kind === 'failed', `packet ${packet}`);
    assert.match(
      outcome.message,
      /The board is no longer attached \(while .*\)\. .*BOOT button/,
      `packet ${packet}`,
    );
    model.powerUp();
    assert.equal((await load(model)).outcome.kind, 'running');
    assert.ok(holds(model));
  }
});

test('a packet that is not answered is overcome, or told', async () => {
  const whole = new EspModel();
  await load(whole);
  for (let packet = 0; packet < whole.packets; packet++) {
    const model = new EspModel();
    model.muteAt = packet;
    const { outcome } = await load(model);
    if (outcome.kind === 'running') assert.ok(holds(model));
    else
      assert.match(outcome.message, /did not answer for 3000 ms \(while .*BOOT button/, `packet ${packet}`);
  }
});

test('takes little more time than its bytes need on the line', async () => {
  const bytes = 4000;
  const { ms } = await load(new EspModel(), image(bytes), 0.125);
  // A block has 26 bytes around it; a word is asked for in 14 bytes and comes in 14, for which `esptool-js` looks once a
  // millisecond. The board is reset before.
  const words = bytes / 4;
  const least = (bytes + 26 + words * 28) * byteMs + words + 150;
  assert.ok(ms <= 1.25 * least, `${ms} ms, at least ${least} ms`);
});

test('a port of the system has the interface of Web Serial', async () => {
  const path = '/dev/nasturtium-test';
  SerialPortMock.binding.createPort(path, { echo: true });
  const port = new SystemSerialPort(
    (baudRate) => new SerialPortMock({ path, baudRate, autoOpen: false }),
    {},
  );
  await port.open({ baudRate: 115_200 });
  await port.setSignals({ dataTerminalReady: true });
  const [writer, reader] = [port.writable?.getWriter(), port.readable?.getReader()];
  await writer?.write(new Uint8Array([1, 2, 3]));
  const { value } = (await reader?.read()) ?? {};
  assert.deepEqual([...(value ?? [])].slice(0, 3).length > 0, true);
  assert.equal(port.lost, false);
  reader?.releaseLock();
  await port.close();
  assert.equal(port.readable, null);
  const missing = new SystemSerialPort(
    (baudRate) => new SerialPortMock({ path: '/dev/none', baudRate, autoOpen: false }),
    {},
  );
  await assert.rejects(missing.open({ baudRate: 115_200 }), /does not exist/);
});
