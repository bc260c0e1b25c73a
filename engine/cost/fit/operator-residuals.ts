/**
 * Errors of single operators, each predicted by a fit that was robbed of it: of its network, of all operators timed one by
 * one, of its board, of its core. Each carries what the robbed fit still knew of the kernel, so that it speaks for kernels
 * that are known as well. Beside operators that were timed by themselves, a whole network of which nearly all is one
 * kernel counts as one operator.
 */

import { evidenceOf, mainFamily, nearlyAll, type Evidence, type Known } from './evidence.ts';
import { predict, type Coefficients, type Observation } from './least-squares.ts';
import { fitMembers, type Member } from './transfer.ts';

export interface OperatorResidual {
  /** Name of the runtime file and id of the profile. */
  readonly profile: string;
  readonly family: string;
  readonly evidence: Evidence;
  /** What it was left out with, on all boards. */
  readonly network: string;
  /** predicted / measured */
  readonly ratio: number;
}

/** Part of the time that its main kernel has to take of a sum over one type of operator. */
const mainOfOperators = 0.6;

/** The errors of `targets` by coefficients that rest on what is `known`. */
function operatorErrors(profile: string, targets: readonly Observation[], known: Known): OperatorResidual[] {
  const { coefficients } = known;
  return targets.flatMap((target) => {
    const share = target.kind === 'network' ? nearlyAll : mainOfOperators;
    const family = mainFamily(target, coefficients, share);
    const ratio = predict(target, coefficients) / target.cycles;
    if (family === undefined || !(ratio > 0)) return [];
    const { evidence } = evidenceOf(family, known);
    return [{ profile, family, evidence, network: target.network, ratio }];
  });
}

/** What a fit of one build of a library knows, robbed of the rows that `leaves` says yes to. */
function knownIn(
  members: readonly Member[],
  member: Member,
  coefficients: Coefficients,
  leaves: (row: Observation, member: Member) => boolean = () => false,
): Known {
  const rows = (list: readonly Member[]): Observation[] =>
    list.flatMap((each) => each.observations.filter((row) => !leaves(row, each)));
  const others = members.filter(({ id }) => id !== member.id);
  return {
    own: rows([member]),
    sameCore: rows(others.filter(({ core }) => core === member.core)),
    anywhere: rows(others),
    coefficients,
  };
}

/** Errors of a library whose builds are fitted together. */
export function libraryOperatorErrors(
  members: readonly Member[],
  prior: Coefficients,
  judged: (member: Member) => boolean,
): OperatorResidual[] {
  const asked = members.filter(judged);
  const errors = (
    targetsOf: (member: Member) => readonly Observation[],
    leaves: (row: Observation, member: Member) => boolean,
  ): OperatorResidual[] => {
    const fits = fitMembers(
      members,
      prior,
      leaves,
      (member) => judged(member) && targetsOf(member).length > 0,
    );
    return asked.flatMap((member) => {
      const coefficients = fits.get(member.id);
      if (coefficients === undefined) return [];
      return operatorErrors(member.id, targetsOf(member), knownIn(members, member, coefficients, leaves));
    });
  };
  const found: OperatorResidual[] = [];
  const networks = new Set(asked.flatMap(({ observations }) => observations.map(({ network }) => network)));
  for (const network of networks) {
    const of = ({ observations }: Member) => observations.filter((row) => row.network === network);
    found.push(...errors(of, (row) => row.network === network));
    const parts = (member: Member) => of(member).filter(({ kind }) => kind === 'operators');
    if (asked.some((member) => parts(member).length > 0)) {
      found.push(...errors(parts, ({ kind }) => kind !== 'network'));
    }
    for (const hardware of new Set(asked.map((member) => member.hardware))) {
      const there = (member: Member) => (member.hardware === hardware ? of(member) : []);
      found.push(...errors(there, (row, member) => member.hardware === hardware || row.network === network));
    }
  }
  return found;
}
