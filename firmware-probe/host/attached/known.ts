import { type Board, debugProbes, type UsbIdentity } from '../../../device-profiles/index.ts';

/** What the probe's own firmware shows, on any board with USB: `firmware/chips/usb-descriptors.h`. */
export const probeIdentity: UsbIdentity = { vendorId: '1209', productId: '0001', name: 'Nasturtium probe' };

/** Everything of which somebody may want to be let in: what boards show when they can be programmed, probes of all kinds. */
export function programmable(boards: readonly Board[]): readonly UsbIdentity[] {
  const shown = boards.flatMap(({ usb }) => usb).filter(({ speaks }) => speaks !== undefined);
  return [...shown, ...debugProbes, probeIdentity];
}

/** What a device may be. */
export interface Recognised {
  /** What it shows: one of a board's identities, a debug probe's, or that of the probe's firmware. */
  readonly identity: UsbIdentity;
  /**
   * Boards that it may be: several where they share the chip that is on USB. Behind a debug probe of its own it may be any
   * board with a chip that can be told, and a probe's firmware says itself where it runs.
   */
  readonly boards: readonly Board[];
}

/** `undefined` for a device that is neither a board nor a probe. */
export function recognise(
  boards: readonly Board[],
  device: { readonly vendorId: number; readonly productId: number },
): Recognised | undefined {
  const digits = (value: number) => value.toString(16).padStart(4, '0');
  const [vendorId, productId] = [digits(device.vendorId), digits(device.productId)];
  const same = (one: UsbIdentity) => one.vendorId === vendorId && one.productId === productId;
  const found = boards.filter(({ usb }) => usb.some(same));
  // Of adapters that are on many boards, what some of them can do with it counts for these.
  const shown = found.map((board) => ({ board, identity: board.usb.find(same) }));
  const identity = (shown.find((one) => one.identity?.speaks !== undefined) ?? shown[0])?.identity;
  if (identity !== undefined) {
    const alike = shown.filter((one) => one.identity?.speaks === identity.speaks);
    return { identity, boards: alike.map(({ board }) => board) };
  }
  if (same(probeIdentity))
    return { identity: probeIdentity, boards: boards.filter(({ probe }) => probe !== undefined) };
  const probe = debugProbes.find(same);
  return probe && { identity: probe, boards: boards.filter(({ chipId }) => chipId !== undefined) };
}
