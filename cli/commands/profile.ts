/** `nasturtium profile`: runs the layers of a file on a board, real or virtual, and keeps what they took beside the file. */

import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Board, MeasuredLayer } from '../../device-profiles/index.ts';
import { checkBoard } from '../../device-profiles/load.ts';
import {
  formatNumber,
  formatTime,
  predictLayers,
  resolveTarget,
  seededRandom,
  type Estimate,
  type Target,
} from '../../engine/cost/index.ts';
import { writeWhole } from '../../engine/files/index.ts';
import { counted, visibleJson, visibleLine } from '../../engine/space/index.ts';
import type { Network } from '../../engine/space/network.ts';
import type { SearchSpace } from '../../engine/space/types.ts';
import { systemBus } from '../../firmware-probe/host/attached/attached.ts';
import type { Plan } from '../../firmware-probe/host/flash/flasher.ts';
import { ProbeImages } from '../../firmware-probe/host/images.ts';
import { openBoard } from '../../firmware-probe/host/profile/open-board.ts';
import {
  earlierOf,
  keepAsItComes,
  measuredLayer,
  probeRuntime,
  runSession,
  spreadOut,
  withMeasurement,
  type Step,
} from '../../firmware-probe/host/profile/session.ts';
import { keyOf, subjectsOf, type Subject } from '../../firmware-probe/host/profile/subject.ts';
import { systemClock } from '../../firmware-probe/host/usb/device.ts';
import { BoardError } from '../../firmware-probe/host/usb/fault.ts';
import { above, profilesFolder, type KnownProfiles } from '../../server/analysis/profiles.ts';
import { chooseArchitecture, chooseSpace, chooseTarget } from '../architecture.ts';
import { CliError, exitCode, ioError } from '../exit-codes.ts';
import { type Io, printJson } from '../io.ts';
import { profilesFor, type ProfileOptions } from '../profiles.ts';
import { loadProgram, readText } from '../sources.ts';
import { tableLines } from '../table.ts';

export interface ProfileCommandOptions extends ProfileOptions {
  readonly board?: string | undefined;
  readonly arch?: string | undefined;
  readonly space?: string | undefined;
  /** Most layers that run. */
  readonly layers: number;
  readonly repeats: number;
  /** A person has agreed to what is loaded. */
  readonly yes: boolean;
  /** One JSON object a line as layers come. */
  readonly events: boolean;
  readonly json: boolean;
}

/** Where the images of the probe lie. */
export interface ProfileInstallation {
  readonly imagesFolder: string;
}

/** The probe has no room for more. */
const mostRepeats = 32;
/** Architectures that are drawn for the layers of a space; those of its ends come first. */
const mostDrawn = 200;

interface Row {
  readonly title: string;
  readonly layer: MeasuredLayer;
  readonly predicted: Estimate | undefined;
}

export async function profile(
  io: Io,
  file: string,
  options: ProfileCommandOptions,
  { imagesFolder }: ProfileInstallation,
): Promise<number> {
  if (options.repeats > mostRepeats) {
    throw new CliError('usage', `--repeats ${options.repeats} is too many: give 1 to ${mostRepeats}.`);
  }
  const program = loadProgram(file);
  const space = chooseSpace(program, options.space);
  const profiles = profilesFor(io, file, options);
  const declared = chooseTarget(program.analysis, file, { target: options.board }, profiles);
  const { board } = declared;
  const target = probeTarget(profiles, board);
  const subjects = spreadOut(subjectsIn(space, options.arch, declared));
  const images = new ProbeImages(imagesFolder);
  io.stopGently();
  try {
    return await measure(io, file, options, { board, target, subjects, images, profiles });
  } catch (error) {
    if (error instanceof BoardError) throw new CliError('board', error.message, { cause: error });
    throw error;
  }
}

interface Session {
  readonly board: Board;
  readonly target: Target;
  readonly subjects: readonly Subject[];
  readonly images: ProbeImages;
  readonly profiles: KnownProfiles;
}

async function measure(
  io: Io,
  file: string,
  { layers: most, repeats, yes, events, json }: ProfileCommandOptions,
  { board, target, subjects, images, profiles }: Session,
): Promise<number> {
  const tell = (event: object): void => {
    if (events) io.out(`${visibleJson(event)}\n`);
  };
  const place = placeOf(file, board, profiles);
  const opened = await openBoard(board, {
    images,
    boards: profiles.boards,
    bus: systemBus,
    clock: systemClock,
    agreed: (plan) => (yes ? Promise.resolve(true) : asks(io, plan)),
    progress: ({ stage, done, total }) => tell({ event: 'loading', stage, done, total }),
    signal: io.stop,
  });
  try {
    const { facts } = opened.probe;
    const image = images.of(board);
    const earlier = earlierOf(board, facts, image)?.layers ?? [];
    const known = new Set(earlier.map(keyOf));
    const wanted = subjects.slice(0, most);
    const rest = wanted.filter(({ layer }) => !known.has(keyOf(layer)));
    tell({ event: 'started', board: board.id, layers: wanted.length, known: wanted.length - rest.length });
    let left = 0;
    let done = 0;
    const take = (step: Step): MeasuredLayer | undefined => {
      if ('reason' in step) {
        left++;
        tell({ event: 'left out', layer: step.subject.title, reason: step.reason });
        if (!events) io.err(`${visibleLine(`${step.subject.title} is left out. ${step.reason}`)}\n`);
        return undefined;
      }
      const layer = measuredLayer(board, facts, step);
      done++;
      tell({ event: 'measured', layer: step.subject.title, cycles: layer.cycles.median, done });
      if (!events && io.interactive) io.err(`\r${done} of ${rest.length} layers`);
      return layer;
    };
    const found = await keepAsItComes(runSession(opened.probe, rest, repeats, io.stop), take, (layers) => {
      // Another session may have written meanwhile.
      write(place, withMeasurement(writtenAt(place) ?? board, facts, image, today(), layers));
    });
    if (!events && io.interactive) io.err('\n');
    const byKey = new Map([...earlier, ...found].map((layer) => [keyOf(layer), layer]));
    const rows = rowsOf(target, wanted, byKey);
    const isWhole = rows.length + left === wanted.length;
    tell({ event: 'finished', file: place, measured: found.length, of: wanted.length, whole: isWhole });
    if (json) printJson(io, documentOf(board, facts.clockHz, place, rows));
    else if (!events) show(io, board, facts.clockHz, place, rows);
    return isWhole ? exitCode.ok : exitCode.interrupted;
  } finally {
    await opened.stop();
  }
}

/** The runtime whose kernels the probe has, on a board. */
function probeTarget(profiles: KnownProfiles, board: Board): Target {
  const resolved = resolveTarget(profiles, { board: board.id, runtime: probeRuntime });
  if ('target' in resolved) return resolved.target;
  throw new CliError('usage', resolved.problem.message);
}

/** Distinct layers of one architecture, or of a space: its smallest, its largest, and others until nothing new comes. */
function subjectsIn(space: SearchSpace, arch: string | undefined, target: Target): readonly Subject[] {
  if (arch !== undefined) return subjectsOf(chooseArchitecture(space, arch, target).network);
  const subjects: Subject[] = [];
  const seen = new Set<string>();
  const take = (network: Network): void => {
    for (const subject of subjectsOf(network, seen)) {
      seen.add(keyOf(subject.layer));
      subjects.push(subject);
    }
  };
  take(space.lower(space.extreme('min')));
  take(space.lower(space.extreme('max')));
  const random = seededRandom(1);
  const { count } = space.size();
  for (let drawn = 2; drawn < mostDrawn && BigInt(drawn) < count; drawn++)
    take(space.lower(space.sample(random)));
  return subjects;
}

/** The board's own file in the workspace where there is one; else in the nearest folder of profiles, or a new one. */
function placeOf(file: string, board: Board, { origins }: KnownProfiles): string {
  const own = origins.get(board);
  if (own !== undefined) return fileURLToPath(own);
  const folder = path.dirname(path.resolve(file));
  const folders = above(pathToFileURL(folder).href).map((uri) =>
    path.join(fileURLToPath(uri), profilesFolder),
  );
  const nearest = folders.findLast((each) => existsSync(each)) ?? path.join(folder, profilesFolder);
  const place = path.join(nearest, 'boards', `${board.id.replace(':', '-')}.json`);
  writtenAt(place);
  return place;
}

/** The board whose file stands there; `undefined` where none does. @throws CliError for a file that is no board's, which stays */
function writtenAt(place: string): Board | undefined {
  if (!existsSync(place)) return undefined;
  const text = readText(place, 'profile');
  try {
    const checked = checkBoard(JSON.parse(text));
    if ('value' in checked) return checked.value;
  } catch {
    // It is no JSON.
  }
  throw new CliError(
    'problems',
    `What is measured would be written into ${place}, which is no valid file of a board: mend it or move it away.`,
  );
}

function write(place: string, board: Board): void {
  try {
    mkdirSync(path.dirname(place), { recursive: true });
    writeWhole(place, `${JSON.stringify(board, null, 2)}\n`);
  } catch (error) {
    throw ioError(place, error);
  }
}

const today = (): string => new Date().toISOString().slice(0, 10);

async function asks(io: Io, { words }: Plan): Promise<boolean> {
  if (!io.interactive || !process.stdin.isTTY) {
    throw new CliError('usage', `${words} Nobody can be asked here: add --yes to agree.`);
  }
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await reader.question(`${visibleLine(words)} [y/N] `, { signal: io.stop });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    reader.close();
  }
}

function rowsOf(
  target: Target,
  subjects: readonly Subject[],
  measured: ReadonlyMap<string, MeasuredLayer>,
): readonly Row[] {
  const predicted = predictLayers(
    target,
    subjects.map(({ layer }) => layer),
  );
  return subjects.flatMap(({ title, layer }, at): readonly Row[] => {
    const found = measured.get(keyOf(layer));
    return found === undefined ? [] : [{ title, layer: found, predicted: predicted[at] }];
  });
}

/** As `cli/schema/profile.schema.json` says. */
function documentOf({ id, virtual }: Board, clockHz: number, file: string, rows: readonly Row[]): object {
  return {
    schema: 1,
    board: id,
    virtual: virtual !== undefined,
    counts: virtual?.counts ?? 'cycles',
    clock_hz: clockHz,
    file,
    layers: rows.map(({ title, layer: { kind, inputs, output, cycles }, predicted }) => ({
      layer: title,
      kind,
      inputs,
      output,
      cycles_least: cycles.least,
      cycles_median: cycles.median,
      cycles_predicted: predicted?.value ?? null,
    })),
  };
}

function show(io: Io, { name, virtual }: Board, clockHz: number, file: string, rows: readonly Row[]): void {
  const count = virtual?.counts ?? 'cycles';
  const lines = tableLines(
    [
      { title: 'layer', align: 'left' },
      { title: count, align: 'right' },
      { title: 'time', align: 'right' },
      { title: 'predicted', align: 'right' },
      { title: 'off by', align: 'right' },
    ],
    rows.map(({ title, layer: { cycles }, predicted }) => [
      title,
      formatNumber(cycles.median, 9),
      formatTime((cycles.median / clockHz) * 1000),
      predicted === undefined ? '' : formatNumber(Math.round(predicted.value), 9),
      predicted === undefined
        ? ''
        : `${formatNumber((100 * (predicted.value - cycles.median)) / cycles.median, 2)} %`,
    ]),
  );
  io.out(`${lines.join('\n')}\n`);
  io.err(`${counted(rows.length, 'layer')} of ${visibleLine(name)} in ${visibleLine(file)}.\n`);
  if (virtual !== undefined)
    io.err(`These are numbers of an emulator: it knows no ${visibleLine(virtual.knowsNo)}.\n`);
}
