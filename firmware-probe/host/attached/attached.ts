import type { Board } from '../../../device-profiles/index.ts';
import type { UsbDevice } from '../usb/device.ts';
import { boardError, type Cures } from '../usb/fault.ts';
import { recognise, type Recognised } from './known.ts';

/** What is asked which devices there are: the object `usb` of the package of that name, or a test's. */
export interface UsbBus {
  getDevices(): Promise<readonly UsbDevice[]>;
  addEventListener(type: 'connect' | 'disconnect', listener: () => void): void;
  removeEventListener(type: 'connect' | 'disconnect', listener: () => void): void;
}

/** The bus of this machine. @throws BoardError where the package has no build for the platform */
export async function systemBus(): Promise<UsbBus> {
  try {
    const { usb } = await import('usb');
    return usb;
  } catch (error) {
    const detail = `USB cannot be reached on ${process.platform} (${process.arch})`;
    const cures = {
      unexpected: 'Use a virtual board, or a machine with Linux, macOS or Windows on x64 or ARM64.',
    };
    throw boardError({ kind: 'unexpected', place, detail }, cures, { cause: error });
  }
}

/** Where the system has not read it, `usb` opens the device for it, which may not be permitted. */
function serialNumberOf(device: UsbDevice): string {
  try {
    return device.serialNumber ?? '';
  } catch {
    return '';
  }
}

const place = 'looking for boards';
const noBusCures: Cures = {
  unexpected:
    'In WSL, a container or over SSH, attach the board there, or run "nasturtium profile" on the machine that has it.',
};

export interface AttachedDevice extends Recognised {
  readonly device: UsbDevice;
  /** Tells devices apart while they are attached: ids and serial number. */
  readonly key: string;
}

/**
 * Boards and probes that are attached now, in the order in which the system names them.
 *
 * @throws BoardError where the system has no USB, as in many containers
 */
export async function attachedDevices(
  bus: UsbBus,
  boards: readonly Board[],
): Promise<readonly AttachedDevice[]> {
  const devices = await bus.getDevices().catch((error: unknown) => {
    const detail = `USB cannot be reached from here (${error instanceof Error ? error.message : String(error)})`;
    throw boardError({ kind: 'unexpected', place, detail }, noBusCures, { cause: error });
  });
  return devices.flatMap((device) => {
    const recognised = recognise(boards, device);
    // What is programmed over a serial line is found as a port.
    if (recognised === undefined || recognised.identity.speaks === 'esp-rom') return [];
    const { vendorId, productId } = recognised.identity;
    return [{ ...recognised, device, key: `${vendorId}:${productId} ${serialNumberOf(device)}` }];
  });
}

/** Milliseconds between two looks: where no udev runs, as in a container, the system tells of nothing. */
const lookMs = 1000;

/**
 * Tells what is attached, at once and whenever it changes, until it is stopped. A look that fails is reported, and the next
 * one is taken all the same.
 */
export function watchAttached(
  bus: UsbBus,
  boards: readonly Board[],
  changed: (devices: readonly AttachedDevice[]) => void,
  failed: (error: unknown) => void,
): () => void {
  let known: string | undefined;
  const stop = new AbortController();
  const tell = (what: string, how: () => void): void => {
    if (what === known || stop.signal.aborted) return;
    known = what;
    how();
  };
  /** A look that is under way does not see what happens behind it: another follows. */
  let [asked, looking] = [0, false];
  const look = async (): Promise<void> => {
    asked++;
    if (looking) return;
    looking = true;
    for (let answered = 0; answered !== asked && !stop.signal.aborted;) {
      answered = asked;
      try {
        const devices = await attachedDevices(bus, boards);
        // A device that was plugged in anew between two looks has another address.
        const plugged = devices.map(({ key, device }) => `${key} ${device.address ?? ''}`);
        tell(plugged.join('\n'), () => changed(devices));
      } catch (error) {
        tell(String(error), () => failed(error));
      }
    }
    looking = false;
  };
  const listener = () => void look();
  bus.addEventListener('connect', listener);
  bus.addEventListener('disconnect', listener);
  const timer = setInterval(listener, lookMs);
  timer.unref();
  listener();
  return () => {
    stop.abort();
    clearInterval(timer);
    bus.removeEventListener('connect', listener);
    bus.removeEventListener('disconnect', listener);
  };
}
