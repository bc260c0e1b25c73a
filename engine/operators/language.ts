/** Words that stand for no operator: of the language itself, and those that are read and cannot be searched yet. */

import { count, dims, dtype, number } from './attribute.ts';
import type { OperatorInfo } from './word.ts';
import { parameterOf, word } from './word.ts';

export const inputType = dtype({ documentation: 'Number format of the tensor.' });
export const inputShape = dims({
  name: 'shape',
  documentation: 'Height x width x channels, or a number of features.',
});

const input: OperatorInfo = word({
  name: 'input',
  documentation:
    'What the network is given: `input 96x96x3`. First statement of a space; replaces the input of the dataset.',
  operand: parameterOf(inputShape),
  parameters: [parameterOf(inputType)],
  snippet: 'input ${1:28x28x1}',
  ends: true,
});

const output: OperatorInfo = word({
  name: 'output',
  documentation:
    'Names the tensors that the network puts out: `output(boxes, scores)`. Without it, the last tensor.',
  tensors: { least: 1, most: 64 },
  snippet: 'output(${1:a}, ${2:b})',
  ends: true,
});

const passing = (name: string, documentation: string): OperatorInfo =>
  word({ name, documentation, passes: true });

const units = parameterOf(count({ name: 'units', documentation: 'Number of features put out.' }));
const recurrent = (name: string, what: string): OperatorInfo =>
  word({
    name,
    documentation: `${what} over time. Not searched or priced yet.`,
    operand: units,
    output: { ...units, default: 'the operand' },
    parameters: [parameterOf(count({ name: 'hidden', documentation: 'Size of the state.' }))],
    snippet: `${name} \${1:32}`,
    later: true,
  });

const arriving = { ...units, default: 'the channels that arrive' };
const attention: OperatorInfo = word({
  name: 'attention',
  documentation: 'Multi-head self-attention. Not searched or priced yet.',
  operand: arriving,
  output: arriving,
  parameters: [parameterOf(count({ name: 'heads', documentation: 'Number of heads.', default: 1 }))],
  snippet: 'attention heads ${1:2}',
  later: true,
});

const front = (name: string): OperatorInfo =>
  word({
    name,
    documentation: `Feature front-end \`${name}\`. Not searched or priced yet as a layer.`,
    operand: parameterOf(
      number({
        name: 'size',
        documentation: 'Size of the features.',
        default: 0,
        shownDefault: 'the default of the front-end',
      }),
    ),
    later: true,
  });

export const ends = [input, output] as const;

export const passes = [
  passing(
    'bn',
    'Batch normalisation. Write it after a comma; at export it is folded into the layer before it and costs nothing.',
  ),
  passing('identity', 'Does nothing; useful as an option: `{conv 3x3 -> 16 | identity}`.'),
  passing('none', 'The same as `identity`.'),
  passing(
    'skip',
    'As an option of a choice: does nothing. As a statement (`skip add`) it joins the input of the body.',
  ),
] as const;

export const later = [
  recurrent('lstm', 'Long short-term memory'),
  recurrent('gru', 'Gated recurrent unit'),
  attention,
  ...['mfcc', 'spectrogram', 'normalise', 'window'].map(front),
] as const;
