import type { UsbIdentity } from '../../../device-profiles/index.ts';
import { asBoardError, type BoardError, type Cures, withCures } from '../usb/fault.ts';
import type { UsbDevice } from '../usb/device.ts';
import { udevReload, udevRulesPath } from './udev.ts';

type Speaks = NonNullable<UsbIdentity['speaks']>;

/** Drivers that Windows needs and does not find by itself; debug probes of CMSIS-DAP v2 and the RP2350 need none. */
const windowsDrivers: Partial<Readonly<Record<Speaks, string>>> = {
  picoboot:
    'Copy the program to the drive of the board, which needs no driver; or give "RP2 Boot (Interface 1)" the driver WinUSB with Zadig (https://zadig.akeo.ie).',
  dfuse:
    'Install the driver that comes with STM32CubeProgrammer, or give "STM32 BOOTLOADER" the driver WinUSB with Zadig (https://zadig.akeo.ie).',
  'st-link': 'Install the driver STSW-LINK009 from st.com.',
  'esp-rom': 'Install the driver of the serial adapter on the board (CP210x or CH340).',
};

/** What to do where a device cannot be opened, by platform. Full sentences. */
export function accessCures(platform: NodeJS.Platform, speaks: Speaks | undefined): Cures {
  if (platform === 'win32') {
    const driver = (speaks && windowsDrivers[speaks]) ?? 'Unplug the device and plug it in again.';
    return { denied: `Close other programs that use the board. ${driver}`, 'no driver': driver };
  }
  if (platform === 'darwin') {
    const cure =
      'Close other programs that use the board, unplug it and plug it in again; macOS needs no driver for it.';
    return { denied: cure, busy: cure, 'no driver': cure };
  }
  const group =
    speaks === 'esp-rom'
      ? ' Or join the group of serial ports: sudo usermod -aG dialout $USER, and log in again.'
      : '';
  const denied =
    `Run "nasturtium doctor --udev | sudo tee ${udevRulesPath}" and "${udevReload}", ` +
    `then unplug the board and plug it in again.${group}`;
  return { denied };
}

/**
 * Whether the system lets the device be opened; it is closed again. Gives the error that says what to do.
 */
export async function accessProblem(
  device: UsbDevice,
  platform: NodeJS.Platform,
  speaks: Speaks | undefined,
): Promise<BoardError | undefined> {
  try {
    await device.open();
    await device.close();
    return undefined;
  } catch (error) {
    return withCures(asBoardError(error, 'opening the board', {}, 0), accessCures(platform, speaks));
  }
}
