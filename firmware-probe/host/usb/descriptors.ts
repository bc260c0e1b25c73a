import type { AlternateInterface, Configuration, Endpoint, Interface } from './device.ts';

const type = { interface: 4, endpoint: 5 };
const transfers = ['control', 'isochronous', 'bulk', 'interrupt'] as const;

/** A configuration from its descriptor with all that hangs on it (USB 2.0, 9.6.3). Descriptors of classes are passed over. */
export function configurationOf(descriptor: DataView): Configuration {
  const interfaces = new Map<number, AlternateInterface[]>();
  let endpoints: Endpoint[] = [];
  for (let at = 0; at + 1 < descriptor.byteLength;) {
    const length = descriptor.getUint8(at);
    if (length < 2 || at + length > descriptor.byteLength) break;
    const kind = descriptor.getUint8(at + 1);
    if (kind === type.interface && length >= 9) {
      endpoints = [];
      const number = descriptor.getUint8(at + 2);
      const alternates = interfaces.get(number) ?? [];
      alternates.push({
        alternateSetting: descriptor.getUint8(at + 3),
        interfaceClass: descriptor.getUint8(at + 5),
        interfaceSubclass: descriptor.getUint8(at + 6),
        interfaceProtocol: descriptor.getUint8(at + 7),
        endpoints,
      });
      interfaces.set(number, alternates);
    } else if (kind === type.endpoint && length >= 7) {
      const address = descriptor.getUint8(at + 2);
      endpoints.push({
        endpointNumber: address & 0xf,
        direction: (address & 0x80) === 0 ? 'out' : 'in',
        type: transfers[descriptor.getUint8(at + 3) & 3] ?? 'control',
        packetSize: descriptor.getUint16(at + 4, true) & 0x7ff,
      });
    }
    at += length;
  }
  return {
    configurationValue: descriptor.getUint8(5),
    interfaces: [...interfaces].map(([interfaceNumber, alternates]): Interface => ({
      interfaceNumber,
      alternates,
    })),
  };
}
