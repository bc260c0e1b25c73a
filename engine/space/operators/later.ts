/** What can be written and is checked, but not searched or priced yet. */

import { define } from './info.ts';
import type { OperatorInfo } from './info.ts';
import { units } from './parameters.ts';

export const later: readonly OperatorInfo[] = [
  define('lstm', 'Long short-term memory over time. Not searched or priced yet.', {
    operand: units,
    output: { ...units, default: 'the operand' },
    parameters: [{ name: 'hidden', kind: 'count', default: undefined, documentation: 'Size of the state.' }],
    later: true,
    snippet: 'lstm ${1:32}',
  }),
  define('gru', 'Gated recurrent unit over time. Not searched or priced yet.', {
    operand: units,
    output: { ...units, default: 'the operand' },
    parameters: [{ name: 'hidden', kind: 'count', default: undefined, documentation: 'Size of the state.' }],
    later: true,
    snippet: 'gru ${1:32}',
  }),
  define('attention', 'Multi-head self-attention. Not searched or priced yet.', {
    operand: { ...units, default: 'the channels that arrive' },
    output: { ...units, default: 'the channels that arrive' },
    parameters: [{ name: 'heads', kind: 'count', default: '1', documentation: 'Number of heads.' }],
    later: true,
    snippet: 'attention heads ${1:2}',
  }),
  ...['mfcc', 'spectrogram', 'normalise', 'window'].map((name) =>
    define(name, `Feature front-end \`${name}\`. Not searched or priced yet as a layer.`, {
      operand: {
        name: 'size',
        kind: 'number',
        default: 'the default of the front-end',
        documentation: 'Size of the features.',
      },
      later: true,
    }),
  ),
];
