/** What `usb` 3.1.0 does that the W3C's interface does not say, and that the link keeps it from flashers. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PicobootModel } from '../testing/picoboot-model.ts';
import { BusClock } from '../virtual/bus-clock.ts';
import { type Mishap, VirtualUsbDevice } from '../virtual/virtual-device.ts';
import type { Setup, UsbDevice } from './device.ts';
import { asBoardError, BoardError } from './fault.ts';
import { repeat, UsbLink } from './link.ts';

const reset: Setup = { requestType: 'vendor', recipient: 'interface', request: 0x41, value: 0, index: 1 };

function attached(mishaps: readonly Mishap[] = []): { device: VirtualUsbDevice; clock: BusClock } {
  const clock = new BusClock();
  return { device: new VirtualUsbDevice(new PicobootModel('RP2040', clock), clock, mishaps), clock };
}

async function opened(
  mishaps: readonly Mishap[] = [],
): Promise<{ device: VirtualUsbDevice; clock: BusClock }> {
  const { device, clock } = attached(mishaps);
  await device.open();
  await device.claimInterface(1);
  return { device, clock };
}

async function linked(mishaps: readonly Mishap[] = [], given?: UsbDevice) {
  const { device, clock } = attached(mishaps);
  const { link } = await UsbLink.open(given ?? device, (one) => one.interfaceNumber === 1, {}, clock);
  return { device, clock, link };
}

async function fault(work: Promise<unknown>): Promise<BoardError> {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  assert.ok(error instanceof BoardError, String(error));
  return error;
}

test('a virtual device throws where the W3C gives a status, and waits one second unless told', async () => {
  const { device, clock } = await opened();
  await assert.rejects(device.transferIn(3, 64), {
    message: 'transferIn error: Stall',
    code: 'GenericFailure',
  });
  const before = clock.now();
  await assert.rejects(device.transferIn(4, 64), /^NativeError|transferIn error: Cancelled/);
  assert.ok(Math.abs(clock.now() - before - 1000) < 2);
  await assert.rejects(device.transferIn(4, 64, 300), /transferIn error: Cancelled/);
  assert.ok(Math.abs(clock.now() - before - 1300) < 3);
});

test('a link tells what went wrong in whatever words `usb` has for it', async () => {
  for (const [kind, told] of [
    ['unplug', 'unplugged'],
    ['stall', 'stalled'],
    ['silence', 'timed out'],
  ] as const) {
    for (const work of [
      (link: UsbLink) => link.controlIn('asking', reset, 16),
      (link: UsbLink) => link.bulkIn('reading', 4, 64),
    ]) {
      const { link } = await linked([{ transfer: 0, kind }]);
      assert.equal((await fault(work(link))).fault.kind, told);
    }
  }
  const torn = asBoardError(new Error('transferIn error: Fault'), 'reading', {}, 0);
  assert.match(torn.message, /^The connection to the board broke \(while reading\)\. Check the cable/);
});

test('a virtual device wants data where there are none, and one transfer of an endpoint at a time', async () => {
  const { device } = await opened();
  const careless = device.controlTransferOut.bind(device) as (setup: Setup) => Promise<unknown>;
  await assert.rejects(careless(reset), /Cannot read properties of undefined \(reading 'buffer'\)/);
  const both = await Promise.allSettled([device.transferIn(4, 64, 50), device.transferIn(4, 64, 50)]);
  assert.match(String(both[0].status === 'rejected' && both[0].reason), /Cancelled/);
  assert.match(String(both[1].status === 'rejected' && both[1].reason), /endpoint not found/);
  await assert.rejects(device.selectConfiguration(), /device is busy \(errno 16\)/);
});

test('a virtual device that is unplugged says so at once and for good', async () => {
  const { device } = await opened([{ transfer: 0, kind: 'unplug' }]);
  await assert.rejects(device.transferIn(4, 64), /transferIn error: Disconnected/);
  await assert.rejects(device.claimInterface(0), /device disconnected/);
  await device.close();
  await assert.rejects(device.open(), /open error: device disconnected/);
});

test('a link gives errors with place, cause and cure', async () => {
  const { link } = await linked();
  const stalled = await fault(link.bulkIn('reading what nobody sends', 3, 64));
  assert.match(stalled.message, /^The board refused a transfer \(while reading what nobody sends\)\. Unplug/);
  const silent = await fault(link.bulkIn('waiting', 4, 64, 70));
  assert.match(silent.message, /^The board did not answer for 70 ms \(while waiting\)\./);
  const { device } = attached();
  device.forbid();
  const denied = await fault(linked([], device));
  assert.match(
    denied.message,
    /^You may not use this USB device \(while opening the board\)\. Run "nasturtium doctor"/,
  );
});

test('a link lets transfers of one endpoint wait for each other, and none suffer for the one before', async () => {
  const { link } = await linked();
  const both = await Promise.allSettled([link.bulkIn('one', 4, 64, 50), link.bulkIn('two', 4, 64, 50)]);
  for (const [index, place] of ['one', 'two'].entries()) {
    const result = both[index];
    assert.match(
      String(result?.status === 'rejected' && result.reason),
      new RegExp(`50 ms \\(while ${place}\\)`),
    );
  }
});

test('a link takes a stall as the W3C tells it, and an open device without a configuration', async () => {
  for (const throws of [false, true]) {
    const { device } = attached();
    let selected = 0;
    const browser = new Proxy(device, {
      get(target, name): unknown {
        if (name === 'configuration' && selected === 0) {
          if (throws) throw new Error('configuration error: device is not configured');
          return null;
        }
        if (name === 'selectConfiguration') return (value: number) => Promise.resolve((selected = value));
        if (name === 'transferIn') return () => Promise.resolve({ status: 'stall' });
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const { link } = await linked([], browser);
    assert.equal((await fault(link.bulkIn('reading', 4, 64))).fault.kind, 'stalled');
    assert.equal(selected, 1);
  }
});

test('a link gives the device back when it cannot have the interface', async () => {
  const { device, clock } = attached();
  const nothing = await fault(UsbLink.open(device, () => false, {}, clock));
  assert.equal(nothing.fault.kind, 'unfit');
  assert.equal(device.opened, false);
});

test('commands are repeated once after a stall or a time-out, and never after anything else', async () => {
  const run = async (message: string, times: number) => {
    const calls: string[] = [];
    const command = () => {
      calls.push('command');
      return calls.length > times ? Promise.resolve('done') : Promise.reject(new Error(message));
    };
    const recover = () => Promise.resolve(void calls.push('recover'));
    const result = await repeat(command, recover).catch((error: unknown) => String(error));
    return [...calls, result];
  };
  assert.deepEqual(await run('transferIn error: Stall', 1), ['command', 'recover', 'command', 'done']);
  assert.deepEqual(await run('transferIn error: Cancelled', 9), [
    'command',
    'recover',
    'command',
    'Error: transferIn error: Cancelled',
  ]);
  assert.deepEqual(await run('transferIn error: Disconnected', 9), [
    'command',
    'Error: transferIn error: Disconnected',
  ]);
});
