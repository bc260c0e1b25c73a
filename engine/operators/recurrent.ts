/** Operators that remember: some of their inputs are tensors that live from one inference to the next. */

import { count, dtype, flag } from './attribute.ts';
import { inputOf, operator, single } from './operator.ts';
import { bytesPerElement } from './tensors.ts';
import { fusedActivationOf } from './tflite.ts';
import { activation } from './weighted.ts';

/**
 * A dense layer over time as products of few vectors (Nakkiran et al. 2015,
 * https://research.google/pubs/compressing-deep-neural-networks-using-a-rank-constrained-topology/). Each of its filters,
 * `rank` for each unit, weighs the features of the input and then what it has put out lately, which is its state. In a
 * file: the input, weights `[filters, features]`, weights over time `[filters, memory]`, biases, state.
 */
const svdf = operator({
  kind: 'svdf',
  attributes: {
    units: count({ name: 'units', documentation: 'Number of features put out.' }),
    rank: count({ name: 'rank', documentation: 'Filters for each of them.', default: 1 }),
    memory: count({ name: 'memory', documentation: 'Inferences that a filter looks back.' }),
    state: dtype({
      name: 'state',
      documentation: 'Number format of the state and of the weights over time.',
    }),
    hasBias: flag({ name: 'bias', documentation: 'Adds a constant for each unit.', default: true }),
    activation,
  },
  outputs: ({ units }, inputs) => single([units], inputOf(inputs)),
  states: ({ units, rank, memory, state }) => [{ shape: [units * rank * memory], dtype: state }],
  counts({ units, rank, memory, state, hasBias }, { input }) {
    const filters = units * rank;
    return {
      macs: filters * (input.channels + memory),
      weights: filters * input.channels,
      biases: hasBias ? units : 0,
      constants: 1,
      constantBytes: filters * memory * bytesPerElement[state],
      units: filters,
    };
  },
  channels: { by: 'set', attribute: 'units' },
  untrainable: () => ({
    what: 'The operator SVDF',
    cure: 'Train it elsewhere; its costs are those of its file.',
  }),
  tflite: {
    name: 'SVDF',
    version: () => 3,
    decode({ options, inputs: [input, features, times, bias, state], outputs: [output] }) {
      const [rank, fused] = [options.int32(0), fusedActivationOf(options, 1)];
      const [filters, width] = features?.shape ?? [];
      const memory = times?.shape[1];
      const units = output?.shape.at(-1);
      if (input?.shape.length !== 2 || input.shape[1] !== width || input.dtype !== features?.dtype)
        return undefined;
      if (!features.isConstant || times?.isConstant !== true || state?.isVariable !== true) return undefined;
      if (units === undefined || memory === undefined || fused === undefined || rank < 1) return undefined;
      const isWhole = filters === units * rank && times.shape[0] === filters && times.dtype === state.dtype;
      if (!isWhole || state.shape.at(-1) !== filters * memory) return undefined;
      return { units, rank, memory, state: state.dtype, hasBias: bias !== undefined, activation: fused };
    },
  },
  // No word says it, and it is not exported: it comes from files, as in the tests of the rows.
  examples: [],
  inert: ['activation'],
});

export const recurrent = [svdf] as const;
