/**
 * Fits the profiles of one kernel library together. Builds of one library on other boards differ mostly by pace: the
 * same network takes about the same multiple of cycles whatever it is made of. So all rows are brought to one pace
 * and fitted together, and each profile then departs from that common fit only as far as its own rows ask. A board
 * with one measured network still gets a profile, and with none the pace of its core.
 */

import { fitCoefficients, predict, type Coefficients, type Observation } from './least-squares.ts';

export interface Member {
  readonly id: string;
  readonly core: string;
  /** Id of the runtime whose file holds the profile. */
  readonly runtime: string;
  /** Boards that are left out together: the same hardware. */
  readonly hardware: string;
  readonly observations: readonly Observation[];
}

/** How strongly the common fit holds to the library's prior; chosen by leaving networks out of X-CUBE-AI's rows. */
const commonPull = 0.01;
/** How strongly a profile holds to the common fit. */
const ownPull = 0.01;

function scaled(coefficients: Coefficients, by: number): Record<string, number> {
  return Object.fromEntries(Object.entries(coefficients).map(([term, cycles]) => [term, cycles * by]));
}

/** Geometric mean of measured over predicted; `undefined` without rows. Whole networks decide where there are any. */
function paceOf(rows: readonly Observation[], coefficients: Coefficients): number | undefined {
  const whole = rows.filter(({ kind }) => kind === 'network');
  const logs = (whole.length > 0 ? whole : rows)
    .map((row) => Math.log(row.cycles / predict(row, coefficients)))
    .filter(Number.isFinite);
  return logs.length === 0 ? undefined : Math.exp(logs.reduce((a, b) => a + b, 0) / logs.length);
}

function weighted(rows: readonly Observation[]) {
  return rows.map((observation) => ({ observation, weight: observation.kind === 'network' ? 1 : 0.6 }));
}

/**
 * Cycles per unit of each term, by member. A member whose rows are all left out gets the mean pace of members with its
 * core and runtime; without such it is absent.
 */
export function fitMembers(
  members: readonly Member[],
  prior: Coefficients,
  without: (observation: Observation, member: Member) => boolean = () => false,
): ReadonlyMap<string, Record<string, number>> {
  const kept = members.map((member) => ({
    member,
    rows: member.observations.filter((observation) => !without(observation, member)),
  }));
  let common: Coefficients = prior;
  let paces = new Map<string, number>();
  for (let round = 0; round < 3; round += 1) {
    paces = new Map(
      kept.flatMap(({ member, rows }) => {
        const pace = paceOf(rows, common);
        return pace === undefined ? [] : [[member.id, pace] as const];
      }),
    );
    if (paces.size === 0) return new Map();
    // The prior is in the units of the first member, whose pace stays what its rows and the prior say.
    const all = kept.flatMap(({ member, rows }) => {
      const pace = paces.get(member.id) ?? 1;
      return rows.map((row) => ({ ...row, cycles: row.cycles / pace }));
    });
    common = fitCoefficients(weighted(all), prior, commonPull);
  }
  const fits = new Map<string, Record<string, number>>();
  for (const { member, rows } of kept) {
    const own = paceOf(rows, common);
    if (own !== undefined) {
      fits.set(member.id, fitCoefficients(weighted(rows), scaled(common, own), ownPull));
      continue;
    }
    const alike = members
      .filter(({ core, runtime }) => core === member.core && runtime === member.runtime)
      .flatMap(({ id }) => paces.get(id) ?? []);
    if (alike.length === 0) continue;
    const pace = Math.exp(alike.reduce((sum, value) => sum + Math.log(value), 0) / alike.length);
    fits.set(member.id, scaled(common, pace));
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
): Judged[] {
  return parts.flatMap((part) => {
    const fits = fitMembers(members, prior, (observation, member) => partOf(observation, member) === part);
    return members.flatMap((member) => {
      const fit = fits.get(member.id);
      if (fit === undefined) return [];
      return member.observations
        .filter((o) => o.kind === 'network' && partOf(o, member) === part)
        .map((o) => ({ member, observation: o, ratio: predict(o, fit) / o.cycles }));
    });
  });
}

/**
 * Every whole network predicted without any row of it. Variants of one architecture (trained anew, another file) are
 * one network: {@link Observation.network} is the same.
 */
export function leaveNetworkOut(members: readonly Member[], prior: Coefficients): Judged[] {
  const networks = new Set(members.flatMap((member) => member.observations.map(({ network }) => network)));
  return judge(members, prior, [...networks], (observation) => observation.network);
}

/** Every whole network predicted without any row of its board, in whatever version of the library. */
export function leaveHardwareOut(members: readonly Member[], prior: Coefficients): Judged[] {
  const hardware = new Set(members.map((member) => member.hardware));
  return judge(members, prior, [...hardware], (_, member) => member.hardware);
}
