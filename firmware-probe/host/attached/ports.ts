import type { Board } from '../../../device-profiles/index.ts';
import { EspFlasher } from '../flash/esp.ts';
import { SystemSerialPort, type WebSerialPort } from '../flash/esp-port.ts';
import type { Flasher } from '../flash/flasher.ts';
import { boardError } from '../usb/fault.ts';
import { recognise, type Recognised } from './known.ts';

/** A serial port as the system lists it; ids are hexadecimal. */
export interface ListedPort {
  readonly path: string;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serialNumber?: string | undefined;
}

export interface AttachedPort extends Recognised {
  /** `/dev/ttyUSB0`, `COM3`. */
  readonly path: string;
  readonly port: WebSerialPort;
}

/** The serial ports of this machine, and how to make one. */
export interface PortSource {
  list(): Promise<readonly ListedPort[]>;
  make(listed: ListedPort): WebSerialPort;
}

/** @throws BoardError where `serialport` has no build for the platform */
export async function systemPorts(): Promise<PortSource> {
  try {
    const { SerialPort } = await import('serialport');
    return {
      list: () => SerialPort.list(),
      make: ({ path, ...ids }) =>
        new SystemSerialPort((baudRate) => new SerialPort({ path, baudRate, autoOpen: false }), {
          usbVendorId: Number.parseInt(ids.vendorId ?? '0', 16),
          usbProductId: Number.parseInt(ids.productId ?? '0', 16),
        }),
    };
  } catch (error) {
    const detail = `serial ports cannot be reached on ${process.platform} (${process.arch})`;
    const cures = {
      unexpected: 'Use a virtual board, or a machine with Linux, macOS or Windows on x64 or ARM64.',
    };
    throw boardError({ kind: 'unexpected', place: 'looking for boards', detail }, cures, { cause: error });
  }
}

/** Ports behind which a board is that is programmed over a serial line. */
export async function attachedPorts(
  source: PortSource,
  boards: readonly Board[],
): Promise<readonly AttachedPort[]> {
  return (await source.list()).flatMap((listed) => {
    const [vendorId, productId] = [listed.vendorId, listed.productId].map((id) =>
      Number.parseInt(id ?? '', 16),
    );
    const recognised = recognise(boards, { vendorId: vendorId ?? NaN, productId: productId ?? NaN });
    return recognised?.identity.speaks === 'esp-rom'
      ? [{ ...recognised, path: listed.path, port: source.make(listed) }]
      : [];
  });
}

/** @throws BoardError for a board that cannot be behind the port */
export function serialFlasherFor({ port, path, boards }: AttachedPort, board: Board): Flasher {
  if (boards.some(({ id }) => id === board.id)) return new EspFlasher(port, board);
  const reason = `the port ${path} is not that of a ${board.name}`;
  throw boardError({ kind: 'unfit', place: `looking for a way onto the ${board.name}`, reason });
}
