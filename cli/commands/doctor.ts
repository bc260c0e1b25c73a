/** `nasturtium doctor`: what measuring on a board needs, whether it is here, and what to do where it is not. */

import { spawnSync } from 'node:child_process';
import { shippedProfiles } from '../../engine/cost/index.ts';
import { visibleLine } from '../../engine/space/index.ts';
import { accessProblem } from '../../firmware-probe/host/attached/access.ts';
import { attachedDevices, systemBus } from '../../firmware-probe/host/attached/attached.ts';
import { programmable } from '../../firmware-probe/host/attached/known.ts';
import { udevRules } from '../../firmware-probe/host/attached/udev.ts';
import { ProbeImages } from '../../firmware-probe/host/images.ts';
import { BoardError } from '../../firmware-probe/host/usb/fault.ts';
import { exitCode } from '../exit-codes.ts';
import { type Io, printJson } from '../io.ts';
import type { ProfileInstallation } from './profile.ts';

export interface DoctorOptions {
  /** Prints the rules that let a person use the boards on Linux, and nothing else. */
  readonly udev: boolean;
  readonly json: boolean;
}

/** `missing` is what only some of the work needs; `broken` keeps something that is there from working. */
type State = 'ok' | 'missing' | 'broken';

interface Finding {
  readonly what: string;
  readonly state: State;
  /** What there is, or what to do: full sentences. */
  readonly detail: string;
}

export async function doctor(
  io: Io,
  { udev, json }: DoctorOptions,
  { imagesFolder }: ProfileInstallation,
): Promise<number> {
  if (udev) {
    io.exact(udevRules(programmable(shippedProfiles.boards)));
    return exitCode.ok;
  }
  const findings = [...imagesOf(imagesFolder), ...programs(), ...(await devices())];
  if (json) printJson(io, { schema: 1, findings });
  else for (const finding of findings) io.out(`${lineOf(io, finding)}\n`);
  return findings.some(({ state }) => state === 'broken') ? exitCode.problems : exitCode.ok;
}

const marks: Readonly<Record<State, readonly [mark: string, style: 'green' | 'yellow' | 'red']>> = {
  ok: ['ok     ', 'green'],
  missing: ['missing', 'yellow'],
  broken: ['broken ', 'red'],
};

function lineOf(io: Io, { what, state, detail }: Finding): string {
  const [mark, style] = marks[state];
  return `${io.style(style, mark)}  ${visibleLine(what)}: ${visibleLine(detail)}`;
}

function imagesOf(folder: string): readonly Finding[] {
  const images = new ProbeImages(folder);
  const boards = shippedProfiles.boards.filter(({ probe }) => probe !== undefined);
  const broken = boards.flatMap((board): readonly Finding[] => {
    try {
      images.of(board);
      return [];
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return [{ what: `the probe of ${board.name}`, state: 'broken', detail }];
    }
  });
  if (broken.length > 0) return broken;
  const names = boards.map(({ id }) => id).join(', ');
  return [{ what: 'the probe', state: 'ok', detail: `Its images for ${names} are whole.` }];
}

interface Program {
  readonly name: string;
  readonly neededFor: string;
  readonly debian: string;
}

const wanted: readonly Program[] = [
  { name: 'qemu-system-arm', neededFor: 'virtual:m3, m4, m7, m33 and m55', debian: 'qemu-system-arm' },
  {
    name: 'arm-none-eabi-gcc',
    neededFor: 'building exported C for a board',
    debian: 'gcc-arm-none-eabi libnewlib-arm-none-eabi',
  },
];

function programs(): readonly Finding[] {
  return wanted.map(({ name, neededFor, debian }): Finding => {
    const { error, stdout } = spawnSync(name, ['--version'], { encoding: 'utf8' });
    if (error === undefined) {
      return { what: name, state: 'ok', detail: `${stdout.split('\n')[0]?.trim() ?? 'It runs'}.` };
    }
    const detail = `It is not on the path. ${neededFor[0]?.toUpperCase() ?? ''}${neededFor.slice(1)} needs it: install it (on Debian: sudo apt-get install ${debian}).`;
    return { what: name, state: 'missing', detail };
  });
}

async function devices(): Promise<readonly Finding[]> {
  const what = 'boards on USB';
  try {
    const found = await attachedDevices(await systemBus(), shippedProfiles.boards);
    if (found.length === 0) {
      const detail =
        'None is attached that is known, or none shows itself: hold its boot button while you plug it in.';
      return [{ what, state: 'missing', detail }];
    }
    return await Promise.all(
      found.map(async ({ device, identity, boards }): Promise<Finding> => {
        const names = boards.map(({ name }) => name).join(' or ') || 'a board that its probe will tell';
        const problem = await accessProblem(device, process.platform, identity.speaks);
        return problem === undefined
          ? { what: identity.name, state: 'ok', detail: `It can be used; it is ${names}.` }
          : { what: identity.name, state: 'broken', detail: problem.message };
      }),
    );
  } catch (error) {
    if (!(error instanceof BoardError)) throw error;
    return [{ what, state: 'missing', detail: error.message }];
  }
}
