/** What can go wrong between host and board: where, why, and what to do about it. */

interface Placed {
  /** What was being done, in words that follow "while": `erasing the flash at 0x10000000`. */
  readonly place: string;
  /** A full sentence that says what to do next. */
  readonly cure: string;
}

export type Fault =
  | (Placed & {
      readonly kind: 'unplugged' | 'disturbed' | 'stalled' | 'busy' | 'denied' | 'no driver' | 'cancelled';
    })
  | (Placed & { readonly kind: 'timed out'; readonly afterMs: number })
  /** The board refused, and said why: `writes are not permitted`. */
  | (Placed & { readonly kind: 'refused'; readonly reason: string })
  /** What is read back is not what was written. */
  | (Placed & { readonly kind: 'differs'; readonly address: number })
  /** The image and the board do not belong together: `has no memory at 0x20100000`. */
  | (Placed & { readonly kind: 'unfit'; readonly reason: string })
  | (Placed & { readonly kind: 'unexpected'; readonly detail: string });

export type FaultKind = Fault['kind'];

/** What a protocol advises, where its boards need more than the usual. */
export type Cures = Partial<Readonly<Record<FaultKind, string>>>;

const usual: Readonly<Record<FaultKind, string>> = {
  unplugged: 'Plug the board in again and start over.',
  disturbed: 'Check the cable, plug the board in again and start over.',
  stalled: 'Unplug the board, plug it in again and start over.',
  busy: 'Close other programs that use the board (serial monitors, debuggers, other windows), and start over.',
  denied: 'Run "nasturtium doctor", which says how to get access to the board.',
  'no driver': 'Run "nasturtium doctor", which says which driver the board needs.',
  cancelled: 'Start over when you like.',
  'timed out': 'Unplug the board, plug it in again and start over.',
  refused: 'Unplug the board, plug it in again and start over.',
  differs: 'Start over; if it happens again, the memory of the board is worn or not what its profile says.',
  unfit: 'Choose the board that is attached.',
  unexpected: 'Unplug the board, plug it in again and start over.',
};

export function hexadecimal(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}

function causeOf(fault: Fault): string {
  switch (fault.kind) {
    case 'unplugged':
      return 'the board is no longer attached';
    case 'disturbed':
      return 'the connection to the board broke';
    case 'stalled':
      return 'the board refused a transfer';
    case 'busy':
      return 'another program or driver uses the board';
    case 'denied':
      return 'you may not use this USB device';
    case 'no driver':
      return 'the system has no driver through which the board can be reached';
    case 'cancelled':
      return 'it was cancelled';
    case 'timed out':
      return `the board did not answer for ${fault.afterMs} ms`;
    case 'refused':
    case 'unfit':
      return fault.reason;
    case 'differs':
      return `what was read back at ${hexadecimal(fault.address)} is not what was written`;
    case 'unexpected':
      return fault.detail;
  }
}

/** The message names cause, place and cure. */
export class BoardError extends Error {
  override readonly name = 'BoardError';
  readonly fault: Fault;

  constructor(fault: Fault, options?: ErrorOptions) {
    const cause = causeOf(fault);
    super(`${cause.charAt(0).toUpperCase()}${cause.slice(1)} (while ${fault.place}). ${fault.cure}`, options);
    this.fault = fault;
  }
}

/** A fault without its cure, which is the protocol's or else the usual one. */
export type BareFault = Fault extends infer One ? (One extends Fault ? Omit<One, 'cure'> : never) : never;

export function boardError(bare: BareFault, cures: Cures = {}, options?: ErrorOptions): BoardError {
  return new BoardError({ ...bare, cure: cures[bare.kind] ?? usual[bare.kind] }, options);
}

/** The same error, with other advice. */
export function withCures({ fault, cause }: BoardError, cures: Cures): BoardError {
  return new BoardError({ ...fault, cure: cures[fault.kind] ?? fault.cure }, { cause });
}

/** What `usb` throws, told apart by its messages: it has one code, `GenericFailure`, for all. */
const messages: readonly (readonly [
  RegExp,
  Exclude<FaultKind, 'refused' | 'differs' | 'unfit' | 'unexpected'>,
])[] = [
  [/\bStall\b|stalled/, 'stalled'],
  [/cancelled|timed out/i, 'timed out'],
  [/disconnected|device not found|errno (?:2|19)\b/i, 'unplugged'],
  // What Linux says while a cable is being pulled, and of a bad one.
  [/\bFault\b|hardware fault/, 'disturbed'],
  [/permission denied|access denied|errno (?:1|13)\b/i, 'denied'],
  [/busy|already in use|exclusive|errno 16\b/i, 'busy'],
  [/driver|not supported|unsupported/i, 'no driver'],
];

/** Any error of a transfer, with its place. */
export function asBoardError(error: unknown, place: string, cures: Cures, timeoutMs: number): BoardError {
  if (error instanceof BoardError) return error;
  const detail = error instanceof Error ? error.message : String(error);
  const kind = messages.find(([pattern]) => pattern.test(detail))?.[1] ?? 'unexpected';
  const bare: BareFault =
    kind === 'timed out'
      ? { kind, place, afterMs: timeoutMs }
      : kind === 'unexpected'
        ? { kind, place, detail }
        : { kind, place };
  return boardError(bare, cures, { cause: error });
}
