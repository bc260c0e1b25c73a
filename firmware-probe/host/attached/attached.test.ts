/** What is attached, who may use it, and how a program gets onto it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boards, debugProbes } from '../../../device-profiles/index.ts';
import { boardNamed } from '../testing/bench.ts';
import { CmsisDapModel } from '../testing/cmsis-dap-model.ts';
import { CortexModel } from '../testing/cortex-model.ts';
import { EspModel } from '../testing/esp-model.ts';
import { DfuseModel } from '../testing/dfuse-model.ts';
import { PicobootModel } from '../testing/picoboot-model.ts';
import { StLinkModel } from '../testing/st-link-model.ts';
import { Uf2Model } from '../testing/uf2-model.ts';
import type { UsbDevice } from '../usb/device.ts';
import { BusClock } from '../virtual/bus-clock.ts';
import { VirtualUsbDevice } from '../virtual/virtual-device.ts';
import { accessProblem } from './access.ts';
import { type AttachedDevice, attachedDevices, type UsbBus, watchAttached } from './attached.ts';
import { attachedPorts, serialFlasherFor } from './ports.ts';
import { attachedDrives } from './drives.ts';
import { flasherFor } from './flashers.ts';
import { probeIdentity, programmable, recognise } from './known.ts';
import { udevRules } from './udev.ts';

const clock = new BusClock();
const pico = () => new VirtualUsbDevice(new PicobootModel('RP2040', clock), clock);
const chip = new CortexModel(0x08000000, { address: 0xe0042000, value: 0x421 });
const stLink = () => new VirtualUsbDevice(new StLinkModel(2, chip, clock), clock);

/** A bus of which the test decides what is on it. */
class TestBus implements UsbBus {
  devices: readonly UsbDevice[] = [];
  readonly listeners = new Set<() => void>();
  broken = false;

  getDevices(): Promise<readonly UsbDevice[]> {
    return this.broken ? Promise.reject(new Error('no bus')) : Promise.resolve(this.devices);
  }

  addEventListener(_type: string, listener: () => void): void {
    this.listeners.add(listener);
  }

  removeEventListener(_type: string, listener: () => void): void {
    this.listeners.delete(listener);
  }
}

test('knows boards and probes by what they show, and nothing else', async () => {
  const bus = new TestBus();
  const mouse = new PicobootModel('RP2040', clock);
  Object.assign(mouse, { identity: { ...mouse.identity, vendorId: 0x046d } });
  const closed = Object.defineProperty(stLink(), 'serialNumber', {
    get: () => {
      throw new Error('open error: permission denied (errno 13)');
    },
  });
  bus.devices = [pico(), new VirtualUsbDevice(mouse, clock), closed];
  const [first, second, ...others] = await attachedDevices(bus, boards);
  assert.deepEqual(
    first?.boards.map(({ id }) => id),
    ['pico'],
  );
  assert.equal(first.key, '2e8a:0003 E0C9120000000001');
  assert.deepEqual(others, []);
  const nucleos = second?.boards.map(({ id }) => id) ?? [];
  assert.ok(nucleos.includes('nucleo-f446re') && nucleos.includes('nucleo-g0b1re'));
  assert.equal(second?.identity.name, 'ST-LINK/V2-1');
  assert.equal(second.key, '0483:374b ');
});

test('behind a debug probe may be any board whose chip can be told, and the probe itself runs where it says', () => {
  const probe = recognise(boards, { vendorId: 0x0d28, productId: 0x0204 });
  assert.ok(probe !== undefined && probe.boards.length > 3);
  assert.ok(probe.boards.every(({ chipId }) => chipId !== undefined));
  const own = recognise(boards, { vendorId: 0x1209, productId: 1 });
  assert.equal(own?.identity, probeIdentity);
  assert.ok(own.boards.some(({ id }) => id === 'pico'));
});

test('tells of what is plugged in and pulled, by events and without them, and each change once', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const bus = new TestBus();
  const told: string[] = [];
  const failures: unknown[] = [];
  const tell = (devices: readonly AttachedDevice[]) =>
    void told.push(devices.map(({ identity }) => identity.name).join(' + '));
  const stop = watchAttached(bus, boards, tell, (error) => failures.push(error));
  await settle();
  bus.devices = [pico()];
  for (const listener of bus.listeners) listener();
  await settle();
  bus.devices = [pico(), stLink()];
  context.mock.timers.tick(1000);
  await settle();
  context.mock.timers.tick(1000);
  await settle();
  assert.deepEqual(told.splice(0), ['', 'RP2 Boot', 'RP2 Boot + ST-LINK/V2-1']);
  for (const address of [9, 10]) {
    bus.devices = [Object.assign(pico(), { address })];
    context.mock.timers.tick(1000);
    await settle();
  }
  assert.deepEqual(told.splice(0), ['RP2 Boot', 'RP2 Boot'], 'plugged in anew between two looks');
  bus.broken = true;
  for (let looks = 0; looks < 3; looks++) {
    context.mock.timers.tick(1000);
    await settle();
  }
  assert.equal(failures.length, 1, 'a failure is told once');
  assert.match(
    String(failures[0]),
    /^BoardError: USB cannot be reached from here \(no bus\) .*In WSL, a container/,
  );
  stop();
  bus.broken = false;
  bus.devices = [];
  context.mock.timers.tick(5000);
  await settle();
  assert.deepEqual(told, []);
  assert.equal(bus.listeners.size, 0);
});

test('says per platform how to get at a device that the system refuses', async () => {
  const device = pico();
  assert.equal(await accessProblem(device, 'linux', 'picoboot'), undefined);
  device.forbid();
  const said = async (platform: NodeJS.Platform, speaks: Parameters<typeof accessProblem>[2]) =>
    (await accessProblem(device, platform, speaks))?.message ?? '';
  assert.match(
    await said('linux', 'picoboot'),
    /^You may not use this USB device .*sudo tee \/etc\/udev\/rules\.d\/70-/,
  );
  assert.match(await said('linux', 'esp-rom'), /dialout/);
  assert.match(await said('win32', 'picoboot'), /Copy the program to the drive .* WinUSB with Zadig/);
  assert.match(await said('win32', 'st-link'), /STSW-LINK009/);
  assert.match(await said('darwin', 'dfuse'), /Close other programs/);
});

test('the rules of udev let everything in that can be programmed, each once', () => {
  const text = udevRules(programmable(boards));
  const rules = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  assert.equal(new Set(rules).size, rules.length);
  assert.deepEqual(rules, rules.toSorted());
  for (const { vendorId, productId } of [...debugProbes, probeIdentity]) {
    assert.ok(
      text.includes(
        `ATTR{idVendor}=="${vendorId}", ATTR{idProduct}=="${productId}", MODE="0660", GROUP="plugdev", TAG+="uaccess"`,
      ),
    );
  }
  assert.match(text, /# RP2 Boot\nSUBSYSTEM=="usb", ENV\{DEVTYPE\}=="usb_device", ATTR\{idVendor\}=="2e8a"/);
  const serial = udevRules([
    { vendorId: '303a', productId: '1001', name: 'USB JTAG/serial', speaks: 'esp-rom' },
  ]);
  assert.match(serial, /\nSUBSYSTEM=="tty", ATTRS\{idVendor\}=="303a", ATTRS\{idProduct\}=="1001", MODE/);
  assert.ok(text.endsWith('\n') && !/\$|`/.test(text));
});

test('chooses the way onto a board by what it shows', async () => {
  const bus = new TestBus();
  const models = [new DfuseModel(clock), new CmsisDapModel(chip, clock)];
  bus.devices = [pico(), stLink(), ...models.map((model) => new VirtualUsbDevice(model, clock))];
  const attached = await attachedDevices(bus, boards);
  const ways = (['pico', 'nucleo-f446re', 'nucleo-f746zg', 'nucleo-f446re'] as const).map((id, index) => {
    const device = attached[index];
    assert.ok(device !== undefined, id);
    return flasherFor(device, boardNamed(id), clock).constructor.name;
  });
  assert.deepEqual(ways, ['PicobootFlasher', 'DebugFlasher', 'DfuseFlasher', 'DebugFlasher']);
  const [first] = attached;
  assert.ok(first !== undefined);
  assert.throws(
    () => flasherFor(first, boardNamed('pico-2'), clock),
    /RP2 Boot is not on a Raspberry Pi Pico 2/,
  );
  const running = { ...first, identity: { ...first.identity, name: 'Pico SDK CDC', speaks: undefined } };
  const silent = running as unknown as AttachedDevice;
  assert.throws(
    () => flasherFor(silent, boardNamed('pico'), clock),
    /shows "Pico SDK CDC".*Hold BOOTSEL while/,
  );
});

test('finds boards behind serial ports, and only those that can be programmed there', async () => {
  const model = new EspModel();
  const listed = [
    { path: '/dev/ttyUSB0', vendorId: '10c4', productId: 'ea60' },
    { path: '/dev/ttyACM0', vendorId: '2E8A', productId: '000A' },
    { path: '/dev/ttyS0' },
  ];
  const ports = await attachedPorts({ list: () => Promise.resolve(listed), make: () => model }, boards);
  assert.deepEqual(
    ports.map(({ path, boards: possible }) => [path, possible.map(({ id }) => id)]),
    [['/dev/ttyUSB0', ['esp32-c3-devkitm-1']]],
  );
  const [first] = ports;
  assert.ok(first !== undefined);
  assert.equal(serialFlasherFor(first, boardNamed('esp32-c3-devkitm-1')).constructor.name, 'EspFlasher');
  assert.throws(
    () => serialFlasherFor(first, boardNamed('pico')),
    /The port \/dev\/ttyUSB0 is not that of a Raspberry/,
  );
});

test('knows the drives of boards by what they say', async () => {
  const drive = new Uf2Model(clock);
  const stick = { place: '/media/you/STICK', info: () => Promise.resolve('Board-ID: other\n') };
  const found = await attachedDrives([Object.assign(new Uf2Model(clock), stick), drive], boards, clock);
  assert.deepEqual(
    found.map((one) => [one.drive.place, one.board.id]),
    [['/media/you/RPI-RP2', 'pico']],
  );
});
