/**
 * The part of the W3C's `USBDevice` that is used here. What the npm package `usb` gives has this shape, and so has a
 * virtual device; nothing else in this room knows where a device comes from.
 */

/** Bytes that a transfer can take: `usb` hands memory to the system, and no shared one. */
export type Bytes = Uint8Array<ArrayBuffer>;

export type Direction = 'in' | 'out';

export interface Endpoint {
  readonly endpointNumber: number;
  readonly direction: Direction;
  readonly type: 'bulk' | 'interrupt' | 'isochronous' | 'control';
  /** Bytes. */
  readonly packetSize: number;
}

export interface AlternateInterface {
  readonly alternateSetting: number;
  readonly interfaceClass: number;
  readonly interfaceSubclass: number;
  readonly interfaceProtocol: number;
  readonly interfaceName?: string | null | undefined;
  readonly endpoints: readonly Endpoint[];
}

export interface Interface {
  readonly interfaceNumber: number;
  readonly alternates: readonly AlternateInterface[];
}

export interface Configuration {
  readonly configurationValue: number;
  readonly interfaces: readonly Interface[];
}

export interface Setup {
  readonly requestType: 'standard' | 'class' | 'vendor';
  readonly recipient: 'device' | 'interface' | 'endpoint' | 'other';
  readonly request: number;
  readonly value: number;
  readonly index: number;
}

export interface InResult {
  readonly status?: 'ok' | 'stall' | 'babble' | undefined;
  readonly data?: DataView | undefined;
}

export interface OutResult {
  readonly status?: 'ok' | 'stall' | 'babble' | undefined;
  readonly bytesWritten: number;
}

/**
 * Every transfer takes a time-out in milliseconds, which `usb` has beyond the W3C's interface (1000 when absent). Where the
 * W3C gives a status, `usb` throws; {@link UsbLink} takes both.
 */
export interface UsbDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly manufacturerName?: string | null | undefined;
  readonly productName?: string | null | undefined;
  readonly serialNumber?: string | null | undefined;
  /** On its bus, another each time that it is plugged in; beyond the W3C's interface. */
  readonly address?: number | undefined;
  readonly opened: boolean;
  /** Reads string descriptors: `usb` keeps the thread waiting for them. */
  readonly configuration?: Configuration | null | undefined;
  open(): Promise<void>;
  close(): Promise<void>;
  selectConfiguration(value: number): Promise<void>;
  claimInterface(interfaceNumber: number): Promise<void>;
  releaseInterface(interfaceNumber: number): Promise<void>;
  selectAlternateInterface(interfaceNumber: number, alternateSetting: number): Promise<void>;
  controlTransferIn(setup: Setup, length: number, timeoutMs?: number): Promise<InResult>;
  controlTransferOut(setup: Setup, data: Bytes, timeoutMs?: number): Promise<OutResult>;
  transferIn(endpointNumber: number, length: number, timeoutMs?: number): Promise<InResult>;
  transferOut(endpointNumber: number, data: Bytes, timeoutMs?: number): Promise<OutResult>;
  clearHalt(direction: Direction, endpointNumber: number): Promise<void>;
  reset(): Promise<void>;
}

/** Waiting, so that a test waits in the time of a virtual bus. */
export interface Clock {
  /** Milliseconds since some moment. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
