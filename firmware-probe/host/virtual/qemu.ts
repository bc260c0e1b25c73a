import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { BoardError } from '../usb/fault.ts';
import { StreamWire } from '../wire/wire.ts';

const program = 'qemu-system-arm';
/** It listens within 0.1 s on a quiet machine. */
const startMs = 10_000;

export interface QemuBoard {
  readonly wire: StreamWire;
  /** Ends the emulator; done once it has ended. */
  readonly stop: () => Promise<void>;
}

/**
 * A board in QEMU with its serial line. An instruction takes a nanosecond of its time (`-icount shift=0`), whatever it is:
 * what such a board counts are instructions, not cycles.
 *
 * @param machine as QEMU calls it
 * @param image path of the ELF file
 * @throws BoardError when QEMU is not there or does not start
 */
export async function startQemu(machine: string, image: string): Promise<QemuBoard> {
  const place = `starting the virtual board ${machine}`;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'nasturtium-'));
  const socketPath = path.join(folder, 'serial');
  const emulator = spawn(
    program,
    [
      ...['-M', machine, '-display', 'none', '-monitor', 'none'],
      ...['-serial', `unix:${socketPath},server=on,wait=off`],
      ...['-icount', 'shift=0,sleep=off', '-kernel', image],
    ],
    // In a group of its own: Ctrl+C in a terminal is for the session, which ends the emulator when it has kept what it has.
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  const endWithUs = (): void => void emulator.kill();
  process.once('exit', endWithUs);
  emulator.once('close', () => process.off('exit', endWithUs));
  const ended = endOf(emulator);
  const giveUp = new AbortController();
  try {
    const socket = await Promise.race([
      connected(socketPath, giveUp.signal),
      ended.then((said) => {
        throw new BoardError({
          kind: 'unexpected',
          place,
          detail: said === '' ? `${program} ended at once` : said,
          cure: `Install ${program} (on Debian: "apt-get install qemu-system-arm"), or choose "virtual:rp2040", which needs nothing.`,
        });
      }),
    ]);
    return {
      wire: new StreamWire(socket),
      stop: async () => {
        socket.destroy();
        emulator.kill();
        await ended;
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    giveUp.abort();
    emulator.kill();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** What it said, once it has ended or could not be started. */
function endOf(emulator: ChildProcess): Promise<string> {
  let said = '';
  emulator.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  return new Promise((resolve) => {
    emulator.on('error', (error) => {
      resolve(error.message);
    });
    emulator.on('close', () => {
      resolve(said.trim());
    });
  });
}

async function connected(socketPath: string, signal: AbortSignal): Promise<Socket> {
  const latest = performance.now() + startMs;
  for (;;) {
    try {
      return await new Promise<Socket>((resolve, reject) => {
        const socket = connect(socketPath, () => {
          resolve(socket);
        });
        socket.once('error', reject);
      });
    } catch (error) {
      if (signal.aborted || performance.now() > latest) throw error;
      await setTimeout(10);
    }
  }
}
