/** Words that work out what their operator needs, or stand for several: what they make of what is written. */

import { pair, word as oneOf } from './attribute.ts';
import { template } from './catalogue.ts';
import { other } from './formats.ts';
import { inputOf } from './operator.ts';
import { pad } from './reshaping.ts';
import { elementsOf } from './tensors.ts';
import { imageOf } from './window.ts';
import { readWritten } from './word.ts';
import type { Making, Rewritten } from './word.ts';

const none: Rewritten = { operand: undefined, output: undefined, named: [] };
const kept = { after: [], channels: { by: 'kept' }, channelsAt: undefined, joins: 'single' } as const;

export const padSize = pair({
  name: 'size',
  documentation: 'Rows above and below x columns left and right.',
  what: 'padding',
  least: 0,
  default: [0, 0],
  shownDefault: '0',
});

export const padding: Making = {
  template(written) {
    const { before, after, channels } = pad.attributes;
    const size = readWritten(padSize, written, 'operand');
    return {
      kind: 'pad',
      before: written.has('before') ? readWritten(before, written, 'before') : size,
      after: written.has('after') ? readWritten(after, written, 'after') : size,
      channels: readWritten(channels, written, 'channels'),
    };
  },
  rewrite(op) {
    if (op.kind !== 'pad') return undefined;
    const { before, after, channels } = pad.attributes;
    const added = op.channels === 0 ? [] : [['channels', channels.write(op.channels)] as const];
    const named = [['before', before.write(op.before)] as const, ['after', after.write(op.after)] as const];
    return { ...none, named: [...named, ...added] };
  },
  after: [],
  joins: 'single',
  channels: { by: 'plus', attribute: 'channels' },
  channelsAt: 'channels',
};

export const size = pair({ name: 'size', documentation: 'New height x width.' });
export const factor = pair({
  name: 'factor',
  documentation: 'Factor of the height x factor of the width.',
  what: 'size',
});
export const mode = oneOf({
  name: 'mode',
  words: ['nearest', 'bilinear'],
  default: 'nearest',
  documentation: 'How values between the pixels are found.',
});
export const resizes = { nearest: 'resize_nearest_neighbor', bilinear: 'resize_bilinear' } as const;

export const resizing: Making = {
  template: (written) => ({
    kind: resizes[readWritten(mode, written, 'mode')],
    size: readWritten(size, written, 'operand'),
  }),
  rewrite(op) {
    if (op.kind !== resizes.nearest && op.kind !== resizes.bilinear) return undefined;
    const named = op.kind === resizes.bilinear ? [['mode', 'bilinear'] as const] : [];
    return { ...none, operand: size.write(op.size), named };
  },
  ...kept,
};

export const upsampling: Making = {
  template(written, inputs) {
    const [height, width] = imageOf(inputOf(inputs));
    const [rows, columns] = readWritten(factor, written, 'operand');
    return { kind: resizes[readWritten(mode, written, 'mode')], size: [height * rows, width * columns] };
  },
  rewrite: () => undefined,
  ...kept,
};

/** x * sigmoid(x): two operators, as the converter of TensorFlow Lite makes of it. */
export const gating: Making = {
  template: () => template('logistic', {}),
  rewrite: () => undefined,
  ...kept,
  after: [{ template: template('mul', {}), reads: ['given', 0] }],
};

export const flattening: Making = {
  template: (_, inputs) => ({ kind: 'reshape', shape: [elementsOf(inputOf(inputs).shape)] }),
  rewrite: () => undefined,
  after: [],
  joins: 'single',
  channels: { by: 'flattened' },
  channelsAt: undefined,
};

export const naming: Making = {
  template(written, inputs) {
    const first = inputOf(inputs);
    const { shape, dtype: format, weightBytes, macs } = other.attributes;
    const name = written.get('name');
    return {
      kind: 'other',
      tfliteName: typeof name === 'string' ? name : 'CUSTOM',
      shape: written.has('output') ? readWritten(shape, written, 'output') : first.shape,
      dtype: written.has('type') ? readWritten(format, written, 'type') : first.dtype,
      weightBytes: readWritten(weightBytes, written, 'weights'),
      macs: readWritten(macs, written, 'macs'),
      uncounted: false,
      crossed: 0,
      units: 0,
    };
  },
  rewrite(op) {
    if (op.kind !== 'other') return undefined;
    const amounts = [['weights', op.weightBytes] as const, ['macs', op.macs] as const];
    return {
      title: op.tfliteName,
      operand: undefined,
      output: other.attributes.shape.write(op.shape),
      named: [
        ...amounts.flatMap(([name, value]) => (value === 0 ? [] : [[name, String(value)] as const])),
        ['type', op.dtype],
      ],
    };
  },
  after: [],
  joins: 'single',
  channels: { by: 'unknown' },
  channelsAt: undefined,
};
