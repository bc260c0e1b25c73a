/** The profiles of one library, with what leaving networks and boards out says about them. Pure: rows come in parsed. */

import type { LatencyPath, LatencyProfile } from '../../../device-profiles/types.ts';
import type { Network } from '../../space/network.ts';
import { baselines, type Baselines } from './baselines.ts';
import { Calibration, type Residual } from './calibration.ts';
import { errorFigures, type ErrorFigures, type Prediction } from './figures.ts';
import { conformalHalfWidth, heldByOtherBoards, median } from './intervals.ts';
import { isSound, type Library, type MemberSpec } from './libraries.ts';
import type { Coefficients, Observation } from './least-squares.ts';
import { observationOf, quantitiesIn, TermReader, type MeasuredRow } from './observations.ts';
import { leaveNetworkOutNested } from './nested.ts';
import type { OperatorCalibration } from './operator-intervals.ts';
import { libraryOperatorErrors, type OperatorResidual } from './operator-residuals.ts';
import { coreStart } from './scale-factors.ts';
import { assembleProfile, carryOver } from './profile.ts';
import { fitMembers, leaveHardwareOut, leaveNetworkOut, type Judged, type Member } from './transfer.ts';

export interface MemberFigures {
  readonly profile: string;
  readonly runtime: string;
  readonly core: string;
  readonly boards: readonly string[];
  /** Measured rows of any kind. */
  readonly rows: number;
  /** Leaving one network out. */
  readonly network?: ErrorFigures;
  /** Leaving all rows of the board out, in every version. */
  readonly board?: ErrorFigures;
  readonly baselines?: Baselines;
}

export interface FittedLibrary {
  /** By runtime file, without `.json`. */
  readonly profiles: ReadonlyMap<string, readonly LatencyProfile[]>;
  readonly figures: readonly MemberFigures[];
  /** All predictions without the network, over every member that has a profile. */
  readonly judged: readonly Judged[];
  /** All predictions without the board. */
  readonly boardOut: readonly Judged[];
  /** The same as `judged` with settings that were chosen anew for each network: takes a while. */
  nested(): readonly Judged[];
}

export interface LibraryInput {
  readonly library: Library;
  readonly prior: Coefficients;
  readonly rows: readonly MeasuredRow[];
  /** By runtime file, without `.json`. */
  readonly runtimes: ReadonlyMap<string, { readonly id: string; readonly paths: readonly LatencyPath[] }>;
  /**
   * Residuals of libraries that are as thinly measured: with fewer than `enoughResiduals` of its own, a library's intervals
   * rest on these too.
   */
  readonly otherLibraries?: readonly Residual[];
  /** Errors of single operators, which their intervals are made of. */
  readonly operators: OperatorCalibration;
  readNetwork(name: string): Network;
}

/** Residuals that make a family of their own. */
const enoughResiduals = 20;
/**
 * Least half-width by how many networks a profile has: residuals of few say little. Operators timed one kind at a time
 * make one network worth two.
 */
function leastHalfWidth({ observations }: Member): number {
  const networks = new Set(observations.map(({ network }) => network)).size;
  if (networks >= 3) return 0;
  return networks === 2 || observations.some(({ kind }) => kind === 'operators') ? 0.25 : 0.5;
}
/** Least half-width on a board that no row comes from, where fewer boards could be left out than say how boards vary. */
const unseenBoardHalfWidth = 0.25;
const enoughBoards = 3;
/** Two definitions whose MACs differ by less are one architecture, trained or exported twice. */
const sameArchitecture = 0.005;

interface Built {
  readonly spec: MemberSpec;
  readonly member: Member;
  readonly paths: readonly LatencyPath[];
  readonly sources: LatencyProfile['sources'];
}

function macsOf(network: Network): number {
  return network.ops.reduce((sum, op) => sum + quantitiesIn(network, op).macs, 0);
}

/** Gives variants of one architecture one name. */
class Architectures {
  readonly #known: { readonly name: string; readonly macs: number }[] = [];

  nameOf(network: string, macs: number): string {
    const same = this.#known.find((known) => Math.abs(known.macs / macs - 1) < sameArchitecture);
    if (same !== undefined) return same.name;
    this.#known.push({ name: network, macs });
    return network;
  }
}

function build(input: Omit<LibraryInput, 'operators'>): Built[] {
  const architectures = new Architectures();
  return input.library.members.flatMap((spec) => {
    const runtime = input.runtimes.get(spec.file);
    if (runtime === undefined) throw new Error(`There is no runtime file ${spec.file}.json.`);
    const reader = new TermReader(runtime.paths);
    const counts = new Map<string, number>();
    const observations = input.rows
      .filter((row) => spec.accepts(row) && isSound(row))
      .flatMap((row): Observation[] => {
        const network = input.readNetwork(row.model_json);
        const observation = observationOf(row, network, reader);
        if (observation === undefined) return [];
        const repository = row.source.split(/[ @]/)[0] ?? row.source;
        counts.set(repository, (counts.get(repository) ?? 0) + 1);
        return [{ ...observation, network: architectures.nameOf(row.model_json, macsOf(network)) }];
      });
    if (observations.length === 0) return [];
    const member: Member = {
      id: `${spec.file} ${spec.id}`,
      core: spec.core,
      version: spec.version,
      runtime: runtime.id,
      hardware: spec.hardware,
      observations,
    };
    const sources = [...counts].map(([title, count]) => ({
      title,
      date: '2020 to 2026',
      note: `${count} rows${input.library.outside ? ', not in the project: their source carries no licence' : ''}`,
    }));
    return [{ spec, member, paths: runtime.paths, sources }];
  });
}

export const predictionsOf = (judged: readonly Pick<Judged, 'observation' | 'ratio'>[]): Prediction[] =>
  judged.map(({ observation, ratio }) => ({
    network: observation.network,
    measured: observation.cycles,
    ratio,
  }));

export const residualsOf = (judged: readonly Judged[]): Residual[] =>
  judged.map(({ member, observation, ratio }) => ({
    profile: member.id,
    network: observation.network,
    ratio,
  }));

/** A network predicted without its rows, or without those of its board. */
export interface RuntimeError {
  readonly runtime: string;
  readonly core: string;
  /** predicted / measured */
  readonly ratio: number;
  /** Whether it lies in the interval that other boards left out give; absent where there is none. */
  readonly held?: boolean;
}

/** Of one library, all boards left out. */
export function boardErrors(boardOut: readonly Judged[]): RuntimeError[] {
  const held = heldByOtherBoards(boardOut.map(({ member, ratio }) => ({ board: member.hardware, ratio })));
  return boardOut.map(({ member: { runtime, core }, ratio }, at) => {
    const lies = held[at];
    return { runtime, core, ratio, ...(lies === undefined ? {} : { held: lies }) };
  });
}

interface Unseen {
  readonly file: string;
  /** Without rows: what the core and the version have in common. */
  readonly member: Member;
  /** The builds that it is drawn from. */
  readonly alike: readonly Built[];
}

/**
 * A build for boards that were not measured, by runtime file and core: of the version with most rows, where more than one
 * board was measured with it. It is what leaving a board out judges.
 */
function unseenBuilds(built: readonly Built[]): readonly Unseen[] {
  const groups = new Map<string, Built[]>();
  for (const entry of built) {
    if (entry.spec.helper) continue;
    const key = `${entry.spec.file} ${entry.spec.core}`;
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups].flatMap(([id, entries]): Unseen[] => {
    const rows = new Map<string, number>();
    for (const { member } of entries) {
      rows.set(member.version, (rows.get(member.version) ?? 0) + member.observations.length);
    }
    const [most] = [...rows].sort((a, b) => b[1] - a[1]);
    const [first] = entries;
    if (most === undefined || first === undefined) return [];
    const [version] = most;
    const alike = built.filter(
      ({ spec, member }) => spec.core === first.spec.core && member.version === version,
    );
    if (new Set(alike.map(({ spec }) => spec.hardware)).size < 2) return [];
    const member = { ...first.member, id, version, hardware: 'not measured', observations: [] };
    return [{ file: first.spec.file, member, alike }];
  });
}

/** One source per title, with the rows of all. */
function joinSources(entries: readonly Built[]): LatencyProfile['sources'] {
  const byNote = new Map<string, LatencyProfile['sources'][number]>();
  for (const { sources, spec } of entries) {
    for (const source of sources) {
      byNote.set(`${source.title} ${spec.id}`, { ...source, note: `${spec.id}: ${source.note ?? ''}` });
    }
  }
  return [...byNote.values()];
}

function carried(library: Library, profiles: Map<string, LatencyProfile[]>): void {
  for (const { runtimeFile, core, from, pace } of library.carriedTo) {
    const list = profiles.get(runtimeFile) ?? [];
    const profile = list.find(({ id }) => id === from);
    if (profile === undefined) throw new Error(`${library.id}: there is no profile ${from} to carry over.`);
    const usual = Math.exp((coreStart[core] ?? 0) - (coreStart[profile.core] ?? 0));
    profiles.set(runtimeFile, [...list, carryOver(profile, core, pace ?? usual)]);
  }
}

/** Errors of single operators of the builds that have a profile, each predicted without its network or its board. */
export function libraryErrors(input: Omit<LibraryInput, 'operators'>): OperatorResidual[] {
  const built = build(input);
  const published = new Set(built.filter(({ spec }) => !spec.helper).map(({ member }) => member.id));
  const members = built.map(({ member }) => member);
  return libraryOperatorErrors(members, input.prior, ({ id }) => published.has(id));
}

export function fitLibrary(input: LibraryInput): FittedLibrary {
  const built = build(input);
  const members = built.map(({ member }) => member);
  const published = built.filter(({ spec }) => !spec.helper);
  const { prior, otherLibraries = [] } = input;
  const ids = new Set(published.map(({ member }) => member.id));
  const judged = leaveNetworkOut(members, prior).filter(({ member }) => ids.has(member.id));
  const boardOut = leaveHardwareOut(members, prior).filter(({ member }) => ids.has(member.id));
  const unseenOf = unseenBuilds(built);
  const fits = fitMembers([...members, ...unseenOf.map(({ member }) => member)], prior);
  const residuals = residualsOf(judged);
  const calibration = new Calibration(
    residuals.length >= enoughResiduals ? residuals : [...residuals, ...otherLibraries],
  );
  const boards = new Set(boardOut.map(({ member }) => member.hardware)).size;
  const leftOut = boards === 0 ? 0 : conformalHalfWidth(boardOut.map(({ ratio }) => ratio));
  const unseen = boards < enoughBoards ? Math.max(unseenBoardHalfWidth, leftOut) : leftOut;
  const profiles = new Map<string, LatencyProfile[]>();
  // A board that was not measured takes the first profile of its core.
  for (const { file, member, alike } of unseenOf) {
    const [first] = alike;
    const coefficients = fits.get(member.id);
    if (first === undefined || coefficients === undefined) continue;
    const observations = alike.flatMap((entry) => entry.member.observations);
    const errors = boardOut
      .filter((entry) => alike.some((other) => other.member.id === entry.member.id))
      .map(({ ratio }) => Math.abs(ratio - 1));
    const profile = assembleProfile({
      id: member.core,
      file,
      operators: input.operators,
      core: member.core,
      boards: [],
      build: first.spec.build,
      paths: first.paths,
      coefficients,
      own: observations,
      sameCore: [],
      anywhere: members.flatMap((other) => other.observations),
      halfWidth: unseen,
      otherBoardsHalfWidth: unseen,
      medianError: errors.length >= 3 ? median(errors) : undefined,
      sources: joinSources(alike),
    });
    profiles.set(file, [...(profiles.get(file) ?? []), profile]);
  }
  const figures = published.map(({ spec, member, paths, sources }): MemberFigures => {
    const coefficients = fits.get(member.id);
    if (coefficients === undefined) throw new Error(`${member.id} was not fitted.`);
    const own = judged.filter((other) => other.member.id === member.id);
    const least = leastHalfWidth(member);
    const halfWidth = Math.max(least, calibration.halfWidth(member.id) ?? 0.5);
    const others = members.filter(({ id }) => id !== member.id);
    const profile = assembleProfile({
      id: spec.id,
      file: spec.file,
      operators: input.operators,
      core: spec.core,
      boards: spec.boards,
      build: spec.build,
      paths,
      coefficients,
      own: member.observations,
      sameCore: others.filter(({ core }) => core === member.core).flatMap((other) => other.observations),
      anywhere: others.flatMap((other) => other.observations),
      halfWidth,
      otherBoardsHalfWidth: Math.max(unseen, halfWidth * 1.15),
      medianError: own.length >= 3 ? median(own.map(({ ratio }) => Math.abs(ratio - 1))) : undefined,
      sources,
    });
    profiles.set(spec.file, [...(profiles.get(spec.file) ?? []), profile]);
    const covered = own.filter(
      (entry) =>
        Math.abs(Math.log(entry.ratio)) <=
        Math.max(least, calibration.halfWidth(member.id, entry.observation.network) ?? 0),
    );
    const network = errorFigures(predictionsOf(own), covered.length / own.length);
    const board = errorFigures(predictionsOf(boardOut.filter((other) => other.member.id === member.id)));
    const simple = baselines(member.observations, (name) => input.readNetwork(name));
    return {
      profile: spec.id,
      runtime: member.runtime,
      core: spec.core,
      boards: spec.boards,
      rows: member.observations.length,
      ...(network === undefined ? {} : { network }),
      ...(board === undefined ? {} : { board }),
      ...(simple === undefined ? {} : { baselines: simple }),
    };
  });
  carried(input.library, profiles);
  return {
    profiles,
    figures,
    judged,
    boardOut,
    nested: () => leaveNetworkOutNested(members, prior, ({ id }) => ids.has(id)),
  };
}
