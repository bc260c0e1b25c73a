/**
 * Fits the builds of one kernel library together. Builds of one library on other cores, boards and versions differ
 * mostly by a scale factor: the same network takes about the same multiple of cycles whatever it is made of. So all rows are
 * brought to one scale and fitted together (`scale-factors.ts` says which), and each build is then fitted on its own rows and, the
 * less alike the less they count, on those of the others. A board with one measured network still gets a profile, and
 * with none the scale factor of its core and version.
 */

import { fitCoefficients, predict, scale, type Coefficients, type Observation } from './least-squares.ts';
import { estimateScaleFactors, type MeanLog, type ScaledBuild } from './scale-factors.ts';

export interface Member extends ScaledBuild {
  /** Id of the runtime whose file holds the profile. */
  readonly runtime: string;
  /** Boards that are left out together: the same hardware. */
  readonly hardware: string;
  readonly observations: readonly Observation[];
}

/** How strongly the common fit holds to the library's prior. */
const commonPull = 0.01;
/** What is chosen by leaving networks out, as `nested.ts` does anew for each network. */
export interface Settings {
  /** What the rows of another build count, once for each of hardware, core and version that differs. */
  readonly similarity: number;
  /** Networks that what is a build's own in its scale factor has to outweigh. */
  readonly buildShrinkage: number;
  /** How strongly a build holds to the common fit. */
  readonly ownPull: number;
}

/** Chosen on X-CUBE-AI's rows. */
const usualSettings: Settings = { similarity: 0.3, buildShrinkage: 4, ownPull: 0.02 };

/** Sums over one operator type overlap with the network they come from. */
const operatorRowWeight = 0.6;

type Without = (observation: Observation, member: Member) => boolean;

interface Kept {
  readonly member: Member;
  readonly rows: readonly Observation[];
}

/** Mean over networks of ln(measured / predicted). Whole networks decide where there are any. */
function meanLog(rows: readonly Observation[], coefficients: Coefficients): MeanLog {
  const whole = rows.filter(({ kind }) => kind === 'network');
  const byNetwork = new Map<string, number[]>();
  for (const row of whole.length > 0 ? whole : rows) {
    const log = Math.log(row.cycles / predict(row, coefficients));
    if (Number.isFinite(log)) byNetwork.set(row.network, [...(byNetwork.get(row.network) ?? []), log]);
  }
  const average = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const means = [...byNetwork.values()].map(average);
  return { mean: means.length === 0 ? 0 : average(means), count: means.length };
}

/** Rows with the weight of their kind; a network measured several times on a build counts once. */
function weighted(rows: readonly Observation[], scaleFactor: number, weight: number) {
  const times = new Map<string, number>();
  for (const { kind, network } of rows) {
    if (kind === 'network') times.set(network, (times.get(network) ?? 0) + 1);
  }
  return rows.map((row) => ({
    observation: { ...row, cycles: row.cycles / scaleFactor },
    weight:
      weight * (row.kind === 'network' ? 1 / Math.sqrt(times.get(row.network) ?? 1) : operatorRowWeight),
  }));
}

function likeness(one: Member, other: Member, similarity: number): number {
  if (one.id === other.id) return 1;
  const differs = [one.hardware !== other.hardware, one.core !== other.core, one.version !== other.version];
  return similarity ** differs.filter(Boolean).length;
}

/**
 * Cycles per unit of each term, by member. A member whose rows are all left out gets what its core and version have
 * in common with others; without such it is absent. `only` restricts which members are fitted, not what they learn from.
 */
export function fitMembers(
  members: readonly Member[],
  prior: Coefficients,
  without: Without = () => false,
  only: (member: Member) => boolean = () => true,
  settings: Settings = usualSettings,
): ReadonlyMap<string, Record<string, number>> {
  const kept: Kept[] = members.map((member) => ({
    member,
    rows: member.observations.filter((observation) => !without(observation, member)),
  }));
  const seen = kept.filter(({ rows }) => rows.length > 0);
  if (seen.length === 0) return new Map();
  let common: Coefficients = prior;
  let scaleFactor: (member: Member) => number | undefined = () => undefined;
  for (let round = 0; round < 3; round += 1) {
    const start = common;
    const logs = new Map(seen.map(({ member, rows }) => [member.id, meanLog(rows, start)]));
    const logScaleFactor = estimateScaleFactors(members, logs, settings.buildShrinkage);
    scaleFactor = (member) => {
      const log = logScaleFactor(member);
      return log === undefined ? undefined : Math.exp(log);
    };
    common = fitCoefficients(
      seen.flatMap(({ member, rows }) => weighted(rows, scaleFactor(member) ?? 1, 1)),
      prior,
      commonPull,
    );
  }
  const fits = new Map<string, Record<string, number>>();
  for (const member of members) {
    const own = scaleFactor(member);
    if (own === undefined || !only(member)) continue;
    const rows = seen.flatMap(({ member: other, rows: list }) =>
      weighted(list, (scaleFactor(other) ?? 1) / own, likeness(member, other, settings.similarity)),
    );
    fits.set(member.id, fitCoefficients(rows, scale(common, own), settings.ownPull));
  }
  return fits;
}

export interface Judged {
  readonly member: Member;
  readonly observation: Observation;
  /** predicted / measured */
  readonly ratio: number;
}

function judge(
  members: readonly Member[],
  prior: Coefficients,
  parts: readonly string[],
  partOf: (observation: Observation, member: Member) => string,
  settings: Settings,
): Judged[] {
  return parts.flatMap((part) => {
    const left = (member: Member): readonly Observation[] =>
      member.observations.filter((o) => o.kind === 'network' && partOf(o, member) === part);
    const fits = fitMembers(
      members,
      prior,
      (observation, member) => partOf(observation, member) === part,
      (member) => left(member).length > 0,
      settings,
    );
    return members.flatMap((member) => {
      const fit = fits.get(member.id);
      if (fit === undefined) return [];
      return left(member).map((o) => ({ member, observation: o, ratio: predict(o, fit) / o.cycles }));
    });
  });
}

/**
 * Every whole network predicted without any row of it. Variants of one architecture (trained anew, another file) are
 * one network: {@link Observation.network} is the same. Nothing of a build with one network is left: it is not judged.
 */
export function leaveNetworkOut(
  members: readonly Member[],
  prior: Coefficients,
  settings: Settings = usualSettings,
): Judged[] {
  const networks = new Set(members.flatMap((member) => member.observations.map(({ network }) => network)));
  const judged = judge(members, prior, [...networks], (observation) => observation.network, settings);
  return judged.filter(({ member }) => new Set(member.observations.map(({ network }) => network)).size > 1);
}

/**
 * Every whole network predicted without any row of its board, in whatever version of the library: where the version was
 * measured on another board.
 */
export function leaveHardwareOut(members: readonly Member[], prior: Coefficients): Judged[] {
  const hardware = new Set(members.map((member) => member.hardware));
  return judge(members, prior, [...hardware], (_, member) => member.hardware, usualSettings);
}
