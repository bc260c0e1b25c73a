/** The simpler answers that a latency model has to beat, a network left out at a time. */

import type { Network } from '../../space/network.ts';
import { errorFigures, type ErrorFigures } from './figures.ts';
import { fitCoefficients, predict, type Observation } from './least-squares.ts';
import { quantitiesIn } from './observations.ts';

export interface Baselines {
  /** Cycles proportional to MACs. */
  readonly macs: ErrorFigures;
  /** Linear in MACs, values put out and layers, fitted on relative errors. */
  readonly linear: ErrorFigures;
}

type Amounts = Readonly<Record<string, number>>;

function amountsOf(network: Network): { readonly macs: Amounts; readonly linear: Amounts } {
  let macs = 0;
  let outputs = 0;
  for (const op of network.ops) {
    const quantities = quantitiesIn(network, op);
    macs += quantities.macs;
    outputs += quantities.outputs;
  }
  return { macs: { macs }, linear: { macs, outputs, layers: network.ops.length } };
}

/** `undefined` with fewer than two networks. */
export function baselines(
  observations: readonly Observation[],
  read: (name: string) => Network,
): Baselines | undefined {
  const whole = observations.filter(({ kind }) => kind === 'network');
  const known = new Map(whole.map(({ network }) => [network, amountsOf(read(network))]));
  const judge = (which: 'macs' | 'linear'): ErrorFigures | undefined => {
    const proxies = whole.map((observation) => ({
      ...observation,
      terms: known.get(observation.network)?.[which] ?? {},
    }));
    const predictions = proxies.flatMap((observation) => {
      const others = proxies.filter((other) => other.network !== observation.network);
      if (others.length === 0) return [];
      const fit = fitCoefficients(
        others.map((other) => ({ observation: other, weight: 1 })),
        {},
        0,
      );
      const ratio = predict(observation, fit) / observation.cycles;
      return [{ network: observation.network, measured: observation.cycles, ratio }];
    });
    return errorFigures(predictions);
  };
  const macs = judge('macs');
  const linear = judge('linear');
  return macs === undefined || linear === undefined ? undefined : { macs, linear };
}
