/**
 * What the instructions of CMSIS-NN's kernels are a sum of. Terms follow the loops of the kernels: two pixels and two
 * channels at a time, sixteen or four values of a window, copies of one kernel row, a requantisation per output.
 */

import { by16, leftOf4, termsOf, type TermTable } from './terms.ts';

export const pairs = 'floor(outputChannels/2)';
export const odd = 'outputChannels%2';
const window = by16('windowSize');

export const oneByOneTerms = termsOf({
  1: ['1'],
  [pairs]: ['1', ...window],
  [`floor(pixels/2)*${pairs}`]: ['1', ...window],
  [`pixels%2*${pairs}`]: ['1', ...window],
  [odd]: ['1', ...window.slice(0, 3)],
  [`pixels*${odd}`]: ['1', ...window],
});

export const stridedTerms = termsOf({
  1: ['1', 'outputHeight'],
  [`outputHeight*${pairs}`]: ['1', ...window],
  [`outputHeight*floor(outputWidth/2)*${pairs}`]: ['1', ...window],
  [`outputHeight*outputWidth%2*${pairs}`]: ['1', ...window],
  [`outputHeight*${odd}`]: ['1', ...window.slice(0, 3)],
  [`pixels*${odd}`]: ['1', ...window],
});

const values = ['1', 'floor(windowSize/4)', ...leftOf4('windowSize')];
const channels = leftOf4('inputChannels');
const copied = [
  'floor(inputChannels/64)',
  'floor(inputChannels%64/16)',
  'floor(inputChannels%16/4)',
  '[inputChannels<16]',
  '[inputChannels<4]',
  ...channels,
];
export const zeroed = ['floor(inputChannels/16)', 'floor(inputChannels%16/4)', ...channels];

export const convolutionTerms = termsOf({
  1: ['1', 'outputHeight', 'pixels', 'pixels*kernelHeight', 'pixels*floor(windowSize/4)', 'floor(pixels/2)'],
  insideTaps: ['1', ...copied],
  paddedTaps: ['1', ...zeroed],
  [`floor(pixels/2)*${pairs}`]: values,
  [`floor(pixels/2)*${odd}`]: values,
  'pixels%2': ['1'],
  'pixels%2*outputChannels': values,
});

const generic: TermTable = {
  1: ['1', 'outputHeight', 'pixels', 'pixels*inputChannels', 'outputs'],
  'outputWidth*insideRows': ['inputChannels', 'outputChannels'],
  insideTaps: ['outputChannels'],
};

export const genericTerms = termsOf(generic);

export const quads = ['floor(inputChannels/4)', ...channels];
export const taps = ['1', 'floor(kernelArea/2)', 'kernelArea%2'];

/** The vector kernels take four pixels, sixteen values of a window and one channel at a time. */
export const steps = ['1', 'ceil(windowSize/16)'];
const vectorProduct: TermTable = {
  'floor(pixels/4)': steps,
  'floor(pixels/4)*outputChannels': steps,
  'pixels%4': steps,
  'pixels%4*floor(outputChannels/4)': steps,
  'pixels%4*outputChannels%4': steps,
};
export const vectorOneByOneTerms = termsOf({ 1: ['1', 'pixels'], ...vectorProduct });
const vectorRows: TermTable = {
  'outputHeight*floor(outputWidth/4)': steps,
  'outputHeight*floor(outputWidth/4)*outputChannels': steps,
  'outputHeight*outputWidth%4': steps,
  'outputHeight*outputWidth%4*floor(outputChannels/4)': steps,
  'outputHeight*outputWidth%4*outputChannels%4': steps,
};
const vectors = ['1', 'ceil(inputChannels/16)'];
export const vectorConvolutionTerms = termsOf({
  1: ['1', 'outputHeight', 'pixels', 'pixels*kernelHeight'],
  insideTaps: vectors,
  paddedTaps: vectors,
  ...vectorProduct,
});
export const vectorRowTerms = termsOf({ 1: ['1', 'outputHeight', 'pixels'], ...vectorRows });

/** One row, in three parts where it is padded: the parts do not come in fours. */
export const vectorColumnTerms = termsOf({
  1: ['1', 'inputRow', '[outputWidth<4]', 'paddedColumns*inputChannels'],
  outputWidth: ['1'],
  'floor(outputWidth/4)': steps,
  'floor(outputWidth/4)*outputChannels': steps,
  'outputWidth%4*outputChannels': steps,
  'paddedColumns*outputChannels': steps,
  '[paddedColumns<1]*outputWidth*outputChannels': steps,
});

/** Channels in blocks of 124. */
const blocks = 'ceil(inputChannels/124)';
export const vectorDepthwise = termsOf({
  1: ['1', 'outputHeight', 'pixels'],
  [blocks]: ['1', 'outputHeight', 'pixels', 'pixels*kernelHeight', 'insideTaps', 'paddedTaps'],
  insideTaps: ['floor(inputChannels/124)', 'ceil(inputChannels%124/16)'],
  paddedTaps: ['floor(inputChannels/124)', 'ceil(inputChannels%124/16)'],
  [`floor(pixels/4)*${blocks}`]: ['1', 'kernelArea'],
  'floor(pixels/4)*ceil(inputChannels/4)': ['1', 'kernelArea'],
  [`pixels%4*${blocks}`]: ['1', 'kernelArea'],
  'pixels%4*ceil(inputChannels/4)': ['1', 'kernelArea'],
});

export const poolTerms = termsOf({
  1: ['1', 'outputHeight', 'outputWidth*insideRows'],
  pixels: ['1', '[inputChannels<4]', 'floor(inputChannels/4)', ...channels],
  insideTaps: ['1', '[inputChannels<4]', 'floor(inputChannels/16)', 'floor(inputChannels%16/4)', ...channels],
});

/** Plain C asks of each tap, for each channel, whether it hits the image. */
export const plainPoolTerms = termsOf({
  1: ['1', 'outputHeight', 'pixels', 'outputs', 'pixels*kernelHeight*inputChannels'],
  insideTaps: ['inputChannels'],
  paddedTaps: ['inputChannels'],
  'outputWidth*insideRows': ['inputChannels'],
});
export const vectorPoolTerms = termsOf({
  1: ['1', 'outputHeight', 'outputWidth*insideRows'],
  pixels: ['1', 'inputChannels', ...vectors.slice(1)],
  insideTaps: vectors,
  'outputWidth*insideRows': vectors.slice(1),
});

export const perOutput = termsOf({ 1: ['1', 'floor(outputs/4)', 'outputs%4'] });

export const rowOfWeights = ['1', ...window, '[windowSize<4]'];
