/** Operators that take named tensors. */

import { define } from './info.ts';
import type { OperatorInfo } from './info.ts';
import { type } from './parameters.ts';

export const joining: readonly OperatorInfo[] = [
  define(
    'add',
    'Adds two tensors of one shape, or one value per channel: `add(a, b)`, or `add(a)` to join `a` to the current tensor.',
    {
      tensors: { least: 1, most: 2 },
      fuses: true,
      snippet: 'add(${1:a}, ${2:b})',
    },
  ),
  define('sub', 'Subtracts the second tensor from the first: `sub(a, b)`, or `sub(a)` from what arrives.', {
    tensors: { least: 1, most: 2 },
    fuses: true,
    snippet: 'sub(${1:a}, ${2:b})',
  }),
  define(
    'mul',
    'Multiplies elementwise; one of the tensors may have one value per channel (squeeze and excite).',
    {
      tensors: { least: 1, most: 2 },
      fuses: true,
      snippet: 'mul(${1:a}, ${2:b})',
    },
  ),
  define(
    'concat',
    'Joins tensors along their channels: `concat(a, b)`, or `concat(a)` to append `a` to what arrives.',
    {
      parameters: [
        {
          name: 'axis',
          kind: 'number',
          default: 'the channels',
          documentation: 'Which extent grows, counted from 0; for lists of boxes and scores.',
        },
      ],
      tensors: { least: 1, most: 64 },
      snippet: 'concat(${1:a}, ${2:b})',
    },
  ),
  define(
    'output',
    'Names the tensors that the network puts out: `output(boxes, scores)`. Without it, the last tensor.',
    {
      tensors: { least: 1, most: 64 },
      followers: [],
      snippet: 'output(${1:a}, ${2:b})',
    },
  ),
  define(
    'other',
    'A TFLite operator by its name: `other("PACK", a, b) -> 4`. One that only moves data is priced by the bytes, others have no latency.',
    {
      tensors: { least: 0, most: 64 },
      output: {
        name: 'shape',
        kind: 'dims',
        default: 'the shape that arrives',
        documentation: 'Shape put out.',
      },
      parameters: [
        { name: 'weights', kind: 'number', default: '0', documentation: 'Bytes of constants it holds.' },
        { name: 'macs', kind: 'number', default: '0', documentation: 'Multiply-accumulates it does.' },
        type,
      ],
      followers: [],
      snippet: 'other("${1:TRANSPOSE}") -> ${2:10}',
    },
  ),
];
