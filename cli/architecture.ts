/** Which architecture of a program a command is about: `--space`, `--arch`, `--target`, `--runtime`, `--clock`. */

import { existsSync } from 'node:fs';
import { reasonOf } from '../engine/files/index.ts';
import { createPricer, resolveTarget } from '../engine/cost/index.ts';
import type { Profiles, Target, TargetRequest } from '../engine/cost/index.ts';
import { seededRandom } from '../engine/cost/index.ts';
import { NoArchitecture } from '../engine/space/index.ts';
import type { Network } from '../engine/space/network.ts';
import type { Analysis, Decisions, SearchSpace } from '../engine/space/types.ts';
import { CliError } from './exit-codes.ts';
import type { ProfileOptions } from './profiles.ts';
import { loadProgram, readText } from './sources.ts';
import type { Program } from './sources.ts';
import { asTyped, typed } from './invocation.ts';

/** The space named, or the first. Throws a {@link CliError} when there is none that can be built. */
export function chooseSpace(program: Program, name: string | undefined): SearchSpace {
  const { spaces } = program.analysis;
  const space = name === undefined ? spaces[0] : spaces.find((each) => each.name === name);
  if (space === undefined) {
    // A space that nothing could be made of has problems, which say why.
    const declared = program.analysis.parse.file.declarations.flatMap((each) =>
      each.kind === 'space' ? [each.name?.name ?? ''] : [],
    );
    if (name === undefined ? declared.length > 0 : declared.includes(name)) {
      throw new CliError('problems', brokenProgram(program));
    }
    const known = declared.join(', ');
    throw name === undefined || known === ''
      ? new CliError(
          'problems',
          `${program.file} declares no space. Write one: space name { conv 3x3 -> 8 }.`,
        )
      : new CliError('usage', `${program.file} has no space "${name}". Its spaces are: ${known}.`);
  }
  if (!space.usable) throw new CliError('problems', brokenProgram(program));
  return space;
}

/** Errors first; a construct that has no meaning yet is no error and can be the reason all the same. */
function brokenProgram({ file, text, analysis }: Program): string {
  // Those of imported files have places in other texts.
  const problems = analysis.problems.filter((problem) => problem.file === analysis.file);
  const [first] = [
    ...analysis.parse.problems,
    ...problems.filter((problem) => problem.severity === 'error'),
    ...problems,
  ];
  const [far] = analysis.problems;
  const line = first === undefined ? 1 : text.slice(0, first.start).split('\n').length;
  const cause =
    first === undefined ? (far === undefined ? '' : ` ${far.message}`) : ` Line ${line}: ${first.message}`;
  return `No network can be built from ${file}.${cause} Run "${typed`check ${file}`}" for every problem.`;
}

export interface TargetOptions extends ProfileOptions {
  readonly target?: string | undefined;
  readonly runtime?: string | undefined;
  readonly flags?: string | undefined;
  /** MHz */
  readonly clock?: number | undefined;
}

/**
 * The target named by the options, else the file's first. A runtime or clock of the file counts for the file's
 * own board only. A `.tflite` has no analysis.
 */
export function chooseTarget(
  analysis: Pick<Analysis, 'settings'> | undefined,
  file: string,
  options: TargetOptions,
  profiles: Profiles,
): Target {
  const targets = analysis?.settings.targets ?? [];
  const [declared] = targets;
  const board = options.target ?? declared?.board;
  if (board === undefined) {
    throw new CliError(
      'usage',
      `${file} names no target. Give one, for example --target nucleo-f446re; "${asTyped('boards')}" lists them.`,
    );
  }
  const fromFile = targets.find((each) => sameBoard(profiles, each.board, board));
  const request: TargetRequest = {
    board,
    runtime: options.runtime ?? fromFile?.runtime,
    flags: options.flags ?? (options.runtime === undefined ? fromFile?.flags : undefined),
    clockHz: options.clock === undefined ? fromFile?.clockHz : options.clock * 1e6,
    schedule: fromFile?.schedule,
  };
  const resolved = resolveTarget(profiles, request);
  if ('target' in resolved) return resolved.target;
  const fromOptions = [options.target, options.runtime, options.flags, options.clock].some(
    (given) => given !== undefined,
  );
  throw new CliError(fromOptions ? 'usage' : 'problems', resolved.problem.message);
}

/** Two names of one board. */
function sameBoard(profiles: Profiles, one: string, other: string): boolean {
  const idOf = (board: string) => {
    const resolved = resolveTarget(profiles, { board });
    return 'target' in resolved ? resolved.target.board.id : undefined;
  };
  return one === other || (idOf(one) !== undefined && idOf(one) === idOf(other));
}

export interface ChosenArchitecture {
  readonly network: Network;
  /** As `space.nameOf`; the file's name for a decided `.nas`. */
  readonly name: string;
}

/**
 * `min`, `max`, `median` (of the RAM on the target), an integer seed, a JSON file of decisions, or a decided `.nas`.
 * Throws a {@link CliError}.
 */
export function chooseArchitecture(space: SearchSpace, arch: string, target: Target): ChosenArchitecture {
  if (arch.endsWith('.nas')) {
    const decided = chooseSpace(loadProgram(arch), undefined);
    const { count, exact } = decided.size();
    if (count !== 1n || !exact) {
      throw new CliError(
        'usage',
        `${arch} leaves choices open. Name a file in which every choice is decided.`,
      );
    }
    return { network: decided.lower(decided.extreme('min')), name: arch };
  }
  const decisions = drawn(space, () =>
    arch === 'median' ? medianOf(space, target) : decisionsOf(space, arch),
  );
  return { network: space.lower(decisions), name: space.nameOf(decisions) };
}

/** Throws a {@link CliError} where the conditions of the space leave hardly anything to draw. */
function drawn(space: SearchSpace, draw: () => Decisions): Decisions {
  try {
    return draw();
  } catch (error) {
    if (!(error instanceof NoArchitecture)) throw error;
    throw new CliError('problems', `The space "${space.name}" cannot be drawn from. ${error.message}`);
  }
}

/** How many architectures are drawn to find the one in the middle; odd, so that there is one. */
const drawnForMedian = 101;

/** The one in the middle by RAM of some that are drawn, the same ones every time. */
function medianOf(space: SearchSpace, target: Target): Decisions {
  const random = seededRandom(1);
  const pricer = createPricer(space, target);
  const candidates = Array.from({ length: drawnForMedian }, () => {
    const decisions = space.sample(random);
    return { decisions, ram: pricer.price(decisions).ram.value };
  }).sort((a, b) => a.ram - b.ram);
  return candidates[(drawnForMedian - 1) / 2]?.decisions ?? space.extreme('min');
}

function decisionsOf(space: SearchSpace, arch: string): Decisions {
  if (arch === 'min' || arch === 'max') return space.extreme(arch);
  if (/^\d+$/.test(arch)) return space.sample(seededRandom(Number(BigInt(arch) & 0xffff_ffffn)));
  if (!arch.endsWith('.json') && !existsSync(arch)) {
    throw new CliError(
      'usage',
      `--arch ${arch} means nothing: give min, median, max, a whole number from 0 on as a seed, or a file that exists.`,
    );
  }
  const normal = space.normalize(readDecisions(arch));
  if ('error' in normal) {
    throw new CliError(
      'usage',
      `${arch} does not describe an architecture of "${space.name}": ${normal.error}`,
    );
  }
  return normal.decisions;
}

/** `{"w": 1}`, or anything with such a map under `decisions`, such as a trial of `front --json`. */
function readDecisions(file: string): Decisions {
  const text = readText(file, 'decisions');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = reasonOf(error);
    throw new CliError(
      'usage',
      `${file} is no JSON (${reason}). Name a file of decisions, a decided .nas, min, median, max or a seed.`,
    );
  }
  const inner = isObject(value) && isObject(value['decisions']) ? value['decisions'] : value;
  if (!isObject(inner) || !Object.values(inner).every((index) => Number.isInteger(index))) {
    throw new CliError(
      'usage',
      `${file} holds no decisions: an object from choice to the number of the option, such as {"w": 1}.`,
    );
  }
  return inner as Decisions;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
