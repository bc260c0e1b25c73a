/** The profiles of one library, with what leaving networks and boards out says about them. Pure: rows come in parsed. */

import type { FittedPath, LatencyPath, LatencyProfile } from '../../../device-profiles/types.ts';
import type { Network } from '../../space/network.ts';
import { errorFigures, type ErrorFigures, type Prediction } from './figures.ts';
import { conformalHalfWidth, intervalOf, median, round } from './intervals.ts';
import { isSound, type Library, type MemberSpec } from './libraries.ts';
import { fitCoefficients, predict, type Coefficients, type Observation } from './least-squares.ts';
import { observationOf, quantitiesIn, sizeQuantity, TermReader, type MeasuredRow } from './observations.ts';
import { joinExtents } from './profile.ts';
import { fitMembers, leaveHardwareOut, leaveNetworkOut, type Judged, type Member } from './transfer.ts';

export interface MemberFigures {
  readonly profile: string;
  readonly runtime: string;
  readonly core: string;
  readonly boards: readonly string[];
  /** Leaving one network out. */
  readonly network?: ErrorFigures;
  /** Leaving all rows of the board out, in every version. */
  readonly board?: ErrorFigures;
  /** Cycles proportional to MACs, fitted on the profile's other networks. */
  readonly macs?: ErrorFigures;
}

export interface FittedLibrary {
  /** By runtime file, without `.json`. */
  readonly profiles: ReadonlyMap<string, readonly LatencyProfile[]>;
  readonly figures: readonly MemberFigures[];
  /** All predictions without the network, over every member. */
  readonly judged: readonly Judged[];
}

export interface LibraryInput {
  readonly library: Library;
  readonly prior: Coefficients;
  readonly rows: readonly MeasuredRow[];
  /** By runtime file, without `.json`. */
  readonly runtimes: ReadonlyMap<string, { readonly id: string; readonly paths: readonly LatencyPath[] }>;
  readNetwork(name: string): Network;
}

/** A single operator is less certain than the sum that was measured. */
const operatorWidening = 1.6;
/**
 * Least half-width by how many networks a profile has: residuals of few say little. Operators timed one kind at a time
 * make one network worth two.
 */
function leastHalfWidth({ observations }: Member): number {
  const networks = new Set(observations.map(({ network }) => network)).size;
  if (networks >= 8) return 0;
  if (networks >= 3) return 0.12;
  return networks === 2 || observations.some(({ kind }) => kind === 'operators') ? 0.25 : 0.5;
}
/** Residuals of a profile that suffice by themselves; with fewer, those of its core in other versions count as well. */
const enoughResiduals = 8;
/** Two definitions whose MACs differ by less are one architecture, trained or exported twice. */
const sameArchitecture = 0.005;

interface Built {
  readonly spec: MemberSpec;
  readonly member: Member;
  readonly paths: readonly LatencyPath[];
  readonly sources: LatencyProfile['sources'];
  /** MACs by network. */
  readonly macs: ReadonlyMap<string, number>;
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

function build(input: LibraryInput): Built[] {
  const architectures = new Architectures();
  return input.library.members.flatMap((spec) => {
    const runtime = input.runtimes.get(spec.file);
    if (runtime === undefined) throw new Error(`There is no runtime file ${spec.file}.json.`);
    const reader = new TermReader(runtime.paths);
    const macs = new Map<string, number>();
    const counts = new Map<string, number>();
    const observations = input.rows
      .filter((row) => spec.accepts(row) && isSound(row))
      .flatMap((row): Observation[] => {
        const network = input.readNetwork(row.model_json);
        const observation = observationOf(row, network, reader);
        if (observation === undefined) return [];
        const repository = row.source.split(/[ @]/)[0] ?? row.source;
        counts.set(repository, (counts.get(repository) ?? 0) + 1);
        const name = architectures.nameOf(row.model_json, macsOf(network));
        macs.set(name, macsOf(network));
        return [{ ...observation, network: name }];
      });
    if (observations.length === 0) return [];
    const member: Member = {
      id: `${spec.file} ${spec.id}`,
      core: spec.core,
      runtime: runtime.id,
      hardware: spec.hardware,
      observations,
    };
    const sources = [...counts].map(([title, count]) => ({
      title,
      date: '2020 to 2026',
      note: `${count} rows${input.library.outside ? ', not in the project: their source carries no licence' : ''}`,
    }));
    return [{ spec, member, paths: runtime.paths, sources, macs }];
  });
}

const predictionsOf = (judged: readonly Judged[]): Prediction[] =>
  judged.map(({ observation, ratio }) => ({
    network: observation.network,
    measured: observation.cycles,
    ratio,
  }));

function macsFigures({ member, macs }: Built): ErrorFigures | undefined {
  const whole = member.observations.filter(({ kind }) => kind === 'network');
  const proxy = (observation: Observation): Observation => ({
    ...observation,
    terms: { macs: macs.get(observation.network) ?? 0 },
  });
  const predictions = whole.flatMap((observation): Prediction[] => {
    const others = whole.filter((other) => other.network !== observation.network);
    if (others.length === 0) return [];
    const rows = others.map((other) => ({ observation: proxy(other), weight: 1 }));
    const ratio = predict(proxy(observation), fitCoefficients(rows, {}, 0)) / observation.cycles;
    return [{ network: observation.network, measured: observation.cycles, ratio }];
  });
  return errorFigures(predictions);
}

function residualPool(own: readonly Judged[], judged: readonly Judged[], core: string): readonly Judged[] {
  return own.length >= enoughResiduals ? own : judged.filter(({ member }) => member.core === core);
}

function profileOf(
  { spec, member, paths, sources }: Built,
  coefficients: Readonly<Record<string, number>>,
  judged: readonly Judged[],
): LatencyProfile {
  const own = judged.filter((entry) => entry.member.id === member.id);
  const pool = residualPool(own, judged, spec.core);
  const halfWidth = Math.max(
    leastHalfWidth(member),
    pool.length === 0 ? 0 : conformalHalfWidth(pool.map(({ ratio }) => ratio)),
  );
  const extents = joinExtents(member.observations);
  const fitted: Record<string, FittedPath> = {};
  for (const path of paths) {
    const { family, terms } = path;
    const cycles = Object.fromEntries(
      terms
        .map((term) => [term, round(coefficients[`${family}.${term}`] ?? 0)] as const)
        .filter(([, value]) => value > 0),
    );
    const holders = member.observations.filter(
      (observation) => extents[family] && observation.extents[family],
    );
    const measured = holders.length > 0;
    const note =
      'No measured network of this profile holds this kernel: carried over from other cores or kernels.';
    fitted[family] = {
      cycles,
      interval: intervalOf(measured ? halfWidth * operatorWidening : Math.max(0.5, halfWidth * 2)),
      ...(extents[family] === undefined
        ? {}
        : { envelope: { quantity: sizeQuantity(path), ...extents[family] } }),
      rows: holders.length,
      ...(measured ? {} : { note }),
    };
  }
  return {
    id: spec.id,
    core: spec.core,
    boards: spec.boards,
    build: spec.build,
    invokeCycles: round(coefficients.invoke ?? 0),
    paths: fitted,
    network: {
      ...intervalOf(halfWidth),
      ...(own.length >= 3
        ? { medianError: round(median(own.map(({ ratio }) => Math.abs(ratio - 1))), 2) }
        : {}),
      rows: member.observations.length,
    },
    sources,
  };
}

export function fitLibrary(input: LibraryInput): FittedLibrary {
  const built = build(input);
  const members = built.map(({ member }) => member);
  const { prior } = input;
  const judged = leaveNetworkOut(members, prior);
  const boardOut = leaveHardwareOut(members, prior);
  const fits = fitMembers(members, prior);
  const profiles = new Map<string, LatencyProfile[]>();
  const figures = built.map((entry): MemberFigures => {
    const { spec, member } = entry;
    const coefficients = fits.get(member.id);
    if (coefficients === undefined) throw new Error(`${member.id} was not fitted.`);
    const list = profiles.get(spec.file) ?? [];
    profiles.set(spec.file, [...list, profileOf(entry, coefficients, judged)]);
    const own = judged.filter((other) => other.member.id === member.id);
    const pool = residualPool(own, judged, spec.core);
    const network = errorFigures(predictionsOf(own), predictionsOf(pool), leastHalfWidth(member));
    const board = errorFigures(predictionsOf(boardOut.filter((other) => other.member.id === member.id)));
    const macs = macsFigures(entry);
    return {
      profile: spec.id,
      runtime: member.runtime,
      core: spec.core,
      boards: spec.boards,
      ...(network === undefined ? {} : { network }),
      ...(board === undefined ? {} : { board }),
      ...(macs === undefined ? {} : { macs }),
    };
  });
  return { profiles, figures, judged };
}
