/**
 * Errors of single operators, each predicted by a fit that was robbed of it: of its network, of all operators timed one by
 * one, of its board, of its core. Each carries what the robbed fit still knew of the kernel, so that it speaks for kernels
 * that are known as well. Beside operators that were timed by themselves, a whole network of which nearly all is one
 * kernel counts as one operator.
 */

import { cmsisNnProfiles, coreOf, fitProfile, pullOf, type ProfileSpec } from './boards.ts';
import { evidenceOf, mainFamily, nearlyAll, type Evidence, type Known } from './evidence.ts';
import { predict, type Coefficients, type Observation } from './least-squares.ts';
import { priorOf, singleLayerPriors } from './priors.ts';
import { fitMembers, type Member } from './transfer.ts';

export interface OperatorResidual {
  /** Name of the runtime file and id of the profile. */
  readonly profile: string;
  readonly family: string;
  readonly evidence: Evidence;
  /** What it was left out with, on all boards: its network, or its like among single layers. */
  readonly network: string;
  /** predicted / measured */
  readonly ratio: number;
}

/** Part of the time that its main kernel has to take of a sum over one type of operator. */
const mainOfOperators = 0.6;

/** The errors of `targets` by coefficients that rest on what is `known`. */
export function operatorErrors(
  profile: string,
  targets: readonly Observation[],
  known: Known,
  networkOf: (target: Observation) => string = ({ network }) => network,
): OperatorResidual[] {
  const { coefficients } = known;
  return targets.flatMap((target) => {
    const share = target.kind === 'network' ? nearlyAll : mainOfOperators;
    const family = mainFamily(target, coefficients, share);
    const ratio = predict(target, coefficients) / target.cycles;
    if (family === undefined || !(ratio > 0)) return [];
    const { evidence } = evidenceOf(family, known);
    return [{ profile, family, evidence, network: networkOf(target), ratio }];
  });
}

type Observations = ReadonlyMap<string, readonly Observation[]>;

/** What a fit of one profile of `boards.ts` to `kept` knows. */
export function knownOf(
  spec: ProfileSpec,
  kept: Observations,
  prior: Coefficients,
  layersOf: string | undefined,
): Known {
  const others = [...kept].filter(([id]) => id !== spec.id);
  const families = Object.keys(singleLayerPriors[layersOf ?? ''] ?? {}).map(
    (term) => term.split('.')[0] ?? '',
  );
  return {
    own: kept.get(spec.id) ?? [],
    helpers: cmsisNnProfiles.filter(({ helps }) => helps === spec.id).flatMap(({ id }) => kept.get(id) ?? []),
    sameCore: others.filter(([id]) => coreOf(id) === spec.core).flatMap(([, list]) => list),
    anywhere: others.flatMap(([, list]) => list),
    layers: { families: new Set(families), ofBoard: layersOf === spec.measuredOn },
    coefficients: fitProfile(spec, kept, prior, undefined, pullOf(spec, layersOf)),
  };
}

/** The rows of `observations` that `keeps` says yes to. */
export function robbed(
  observations: Observations,
  keeps: (row: Observation, id: string) => boolean,
): Observations {
  return new Map([...observations].map(([id, list]) => [id, list.filter((row) => keeps(row, id))]));
}

/** Terms and amounts: operators of one shape are alike. */
const shapeOf = ({ terms }: Observation): string => JSON.stringify(terms);

/** Errors of the profiles of TFLM with CMSIS-NN. `otherLayers`: a board with the core whose single layers stand in. */
export function baseOperatorErrors(
  file: string,
  observations: Observations,
  otherLayers: (spec: ProfileSpec) => string | undefined,
): OperatorResidual[] {
  return cmsisNnProfiles
    .filter(({ helps }) => helps === undefined)
    .flatMap((spec) => {
      const profile = `${file} ${spec.id}`;
      const own = observations.get(spec.id) ?? [];
      const errors = (
        targets: readonly Observation[],
        keeps: (row: Observation, id: string) => boolean,
        layers: string | undefined,
        networkOf?: (target: Observation) => string,
      ): OperatorResidual[] => {
        const kept = robbed(observations, keeps);
        return operatorErrors(
          profile,
          targets,
          knownOf(spec, kept, priorOf(spec.core, layers), layers),
          networkOf,
        );
      };
      const found: OperatorResidual[] = [];
      const networks = [...new Set(own.map(({ network }) => network))];
      const timed = own.filter(({ kind }) => kind === 'operators');
      const others = otherLayers(spec);
      for (const network of networks) {
        const targets = own.filter((row) => row.network === network);
        if (networks.length > 1) {
          found.push(...errors(targets, (row) => row.network !== network, spec.layers));
          // How well whole networks tell what their operators take: no others than those.
          const parts = targets.filter(({ kind }) => kind === 'operators');
          found.push(...errors(parts, ({ kind }) => kind === 'network', others));
        }
        // Neither the board nor the network.
        const elsewhere = (row: Observation, id: string) => id !== spec.id && row.network !== network;
        const unseen = errors(targets, elsewhere, others);
        found.push(...unseen.filter(({ family }) => spec.priorOfOwnRows?.includes(family) !== true));
      }
      if (networks.length === 1) {
        for (const shape of new Set(timed.map(shapeOf))) {
          const targets = timed.filter((row) => shapeOf(row) === shape);
          const keeps = (row: Observation) => row.kind !== 'network' && shapeOf(row) !== shape;
          found.push(...errors(targets, keeps, spec.layers, () => shape));
        }
      }
      return found;
    });
}

/** What a fit of one build of a library knows, robbed of the rows that `leaves` says yes to. */
export function knownIn(
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

/** The same of a library whose builds are fitted together. */
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
