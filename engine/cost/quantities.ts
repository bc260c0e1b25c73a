/**
 * The catalogue of quantities: everything about one operator that profile data may refer to by name, in latency
 * terms, scratch rules, conditions and messages. One function measures an operator once; the rest of the room
 * reads the result.
 */

import type { DType, Shape } from '../space/network.ts';
import { rowOf } from '../operators/catalogue.ts';
import { noCounts } from '../operators/operator.ts';
import type { Extents } from '../operators/operator.ts';
import { bytesPerElement, elementsOf } from '../operators/tensors.ts';
import type { OpTemplate } from '../space/network.ts';

/** Names in the order of the vector that {@link measureQuantities} fills, with what each counts. */
export const quantityCatalogue = {
  operators: 'the operator itself: 1',
  macs: 'multiply-accumulates',
  innerMacs: 'multiply-accumulates whose input lies inside the image, not in its padding',
  parameters: 'weights and biases, elements',
  weights: 'weights, elements',
  biases: 'bias elements',
  inputs: 'elements of the first input',
  allInputs: 'elements of all inputs',
  operands: 'inputs that are computed',
  broadcast: '1 when an operand has fewer elements than the output, else 0',
  leastOperand: 'elements of the smallest operand, of the input that is a constant as well',
  pieces: 'runs of values that joining or splitting copies',
  axesKept: 'axes before the first that a transposition moves',
  lastAxisKept: '1 when a transposition leaves the last axis where it is, else 0',
  rank: 'extents of the output',
  inputRank: 'extents of the first input',
  resigned: '1 when values of 8 bits gain or lose their sign, else 0',
  outputs: 'elements of all outputs',
  pixels: 'output height times width',
  windows: 'output pixels times kernel positions',
  insideTaps: 'kernel positions that hit the image that they step over, over all places of the window',
  paddedTaps: 'kernel positions of all output pixels that hit nothing',
  insideRows: 'kernel rows that hit the image, over the places of the window in a column',
  insideColumns: 'kernel columns that hit the image, over the places of the window in a row',
  im2col: 'output pixels times the values in one window of one group',
  windowSize: 'kernel height times width times input channels of one group',
  kernelArea: 'kernel height times width',
  kernelHeight: 'kernel height',
  kernelWidth: 'kernel width',
  strideHeight: 'vertical stride',
  strideWidth: 'horizontal stride',
  maxStride: 'the greater of the two strides',
  maxDilation: 'the greater of the two dilations',
  groups: 'groups of a convolution',
  depthMultiplier: 'outputs per input channel of a depthwise convolution',
  inputHeight: 'input height',
  inputWidth: 'input width',
  outputHeight: 'output height',
  outputWidth: 'output width',
  inputChannels: 'input channels',
  outputChannels: 'output channels',
  dimensions: 'extents of the output with the batch, as a file has them',
  borderedPixels: 'input pixels of one channel with the border that a kernel at the edge reaches into',
  paddedRows: 'rows of zeros that padding adds',
  paddedColumns: 'columns of zeros that padding adds',
  addedChannels: 'output channels beyond those of the input',
  borderInputs: 'zeros that padding adds around the input, over all channels',
  inputRow: 'elements of one row of the first input',
  outputRow: 'elements of one row of the output',
  oddPixels: 'output pixels left over after pairs, times output channels times window size',
  oddChannels: 'output channels left over after pairs, times output pixels times window size',
  remainderInputs: 'output pixels times kernel positions times (input channels modulo 4)',
  remainderMacs: 'outputs times (window size modulo 4)',
  remainderMacs16: 'outputs times (window size modulo 16)',
  deepMacs: 'multiply-accumulates beyond the first 64 of each window',
  remainderChannels: 'output pixels times (output channels modulo 4)',
  poolReads: 'elements that pooling windows read',
  reduced: 'elements that a reduction reads',
  filters: 'output channels that carry their own quantisation in an int8 model',
  channelScales: 'the same, by the file that the operator was read from',
  expansion: 'output elements per element of the first input',
  tensors: 'tensors the model file gains with the operator: outputs, weights, bias, constants',
  weightBytes: 'bytes of weights and biases',
  streamedWeights: 'bytes of weights that are read once, in rows longer than what a small flash cache holds',
  quantizationEntries: 'scale and zero-point pairs in the model file',
  crossed: 'elements of the operands that a product of matrices reads across their rows',
  units: 'filters of an SVDF, units of a recurrent layer',
  wholeWindow: 'kernel height times width times input channels of all groups',
  float: '1 when the numbers are float32, else 0',
  elementBytes: 'bytes per input element',
  outputElementBytes: 'bytes per output element',
} as const;

export type QuantityName = keyof typeof quantityCatalogue;

export const quantityNames = Object.keys(quantityCatalogue) as readonly QuantityName[];

export function isQuantityName(name: string): name is QuantityName {
  return Object.hasOwn(quantityCatalogue, name);
}

export type Quantities = Readonly<Record<QuantityName, number>>;

/** The number formats around an operator. */
export interface OperatorFormats {
  readonly input: DType;
  readonly output: DType;
}

/** Bytes: eight lines of 256 bits, the data side of the STM32L4's and F4's flash accelerator. */
const cachedRow = 256;

const int8Formats: OperatorFormats = { input: 'int8', output: 'int8' };

/** Height, width and channels of a feature map; a vector counts as one pixel. */
function extentsOf(shape: Shape): Extents {
  const channels = shape[shape.length - 1] ?? 1;
  if (channels === 0) return { height: 0, width: 0, channels: 0 };
  if (shape.length < 3) return { height: 1, width: elementsOf(shape) / channels, channels };
  const width = shape[shape.length - 2] ?? 1;
  return { height: elementsOf(shape) / (channels * width), width, channels };
}

/** Zeros that `same` padding adds in one direction (TensorFlow's rule). */
function padding(input: number, output: number, kernel: number, stride: number, dilation: number): number {
  return Math.max(0, (output - 1) * stride + (kernel - 1) * dilation + 1 - input);
}

/**
 * Kernel positions that fall inside the image, summed over the outputs of one direction: kernels that skip padding
 * do only these.
 */
function insidePositions(
  input: number,
  output: number,
  kernel: number,
  stride: number,
  dilation: number,
  padded: number,
): number {
  // TensorFlow puts the smaller half of the padding before the image.
  const before = Math.floor(padded / 2);
  let inside = 0;
  // Position `at * stride + tap * dilation - before` is in the image: whichever of the two is fewer is gone through.
  if (output <= kernel) {
    for (let at = 0; at < output; at += 1) {
      const start = at * stride - before;
      const first = start >= 0 ? 0 : Math.ceil(-start / dilation);
      const last = Math.min(kernel - 1, Math.floor((input - 1 - start) / dilation));
      inside += Math.max(0, last - first + 1);
    }
    return inside;
  }
  for (let tap = 0; tap < kernel; tap += 1) {
    const start = tap * dilation - before;
    const first = start >= 0 ? 0 : Math.ceil(-start / stride);
    const last = Math.min(output - 1, Math.floor((input - 1 - start) / stride));
    inside += Math.max(0, last - first + 1);
  }
  return inside;
}

const isResigned = ({ input, output }: OperatorFormats): boolean =>
  (input === 'uint8' && output === 'int8') || (input === 'int8' && output === 'uint8');

/**
 * Measures one operator. Shapes carry no batch dimension. Depends on nothing but the operator's attributes, the
 * shapes and the number formats, so equal arguments may share a result.
 */
export function measureQuantities(
  op: OpTemplate,
  inputShapes: readonly Shape[],
  outputShape: Shape,
  formats: OperatorFormats = int8Formats,
): Quantities {
  const first = inputShapes[0] ?? [1];
  const input = extentsOf(first);
  const output = extentsOf(outputShape);
  const inputs = elementsOf(first);
  const outputs = elementsOf(outputShape);
  const pixels = output.height * output.width;
  let allInputs = 0;
  let leastInput = inputs;
  for (const shape of inputShapes) {
    const elements = elementsOf(shape);
    allInputs += elements;
    if (elements < leastInput) leastInput = elements;
  }

  const { stepsOver } = rowOf(op.kind);
  let kernelHeight = 1;
  let kernelWidth = 1;
  let strideHeight = 1;
  let strideWidth = 1;
  let maxDilation = 1;
  let paddedRows = 0;
  let paddedColumns = 0;
  let insideRows = output.height;
  let insideColumns = output.width;
  if ('kernel' in op) {
    [kernelHeight, kernelWidth] = op.kernel;
    [strideHeight, strideWidth] = op.stride;
    const [dilationHeight, dilationWidth] = 'dilation' in op ? op.dilation : [1, 1];
    maxDilation = Math.max(dilationHeight, dilationWidth);
    // A transposed convolution has its window over what it puts out, once for each pixel that it reads.
    const image = stepsOver === 'input' ? input : output;
    const places = stepsOver === 'input' ? output : input;
    insideRows = places.height * kernelHeight;
    insideColumns = places.width * kernelWidth;
    if (op.padding === 'same') {
      const rows = padding(image.height, places.height, kernelHeight, strideHeight, dilationHeight);
      const columns = padding(image.width, places.width, kernelWidth, strideWidth, dilationWidth);
      insideRows = insidePositions(
        image.height,
        places.height,
        kernelHeight,
        strideHeight,
        dilationHeight,
        rows,
      );
      insideColumns = insidePositions(
        image.width,
        places.width,
        kernelWidth,
        strideWidth,
        dilationWidth,
        columns,
      );
      if (stepsOver === 'input') {
        paddedRows = rows;
        paddedColumns = columns;
      }
    }
  }
  const kernelArea = kernelHeight * kernelWidth;
  const insideTaps = insideRows * insideColumns;
  /** Share of kernel positions that lie inside the image. */
  const inside = pixels === 0 || stepsOver === 'output' ? 1 : insideTaps / (pixels * kernelArea);
  const border = 'padding' in op && op.padding === 'same' && stepsOver === 'input' ? 1 : 0;

  const operands = inputShapes.length;
  const geometry = { input, output, inputs, outputs, pixels, kernelArea, outputShape, operands };
  const counts = { ...noCounts, ...rowOf(op.kind).counts(op, geometry) };
  const { macs, weights, biases, windowSize, filters, groups, constantBytes } = counts;
  const elementBytes = bytesPerElement[formats.input];
  // A constant in the file is an operand as well.
  const leastOperand = constantBytes > 0 ? Math.min(leastInput, constantBytes / elementBytes) : leastInput;
  const weightElementBytes = formats.input === 'float32' ? 4 : 1;
  // Scales stand beside the weights and again beside the biases.
  const quantised = (elements: number): number => (elements > 0 ? Math.max(1, filters) : 0);
  const tensors = counts.outputs + counts.constants + (weights > 0 ? 1 : 0) + (biases > 0 ? 1 : 0);

  return {
    operators: 1,
    macs,
    innerMacs: macs * inside,
    parameters: weights + biases,
    weights,
    biases,
    inputs,
    allInputs,
    operands,
    broadcast: leastOperand < outputs ? 1 : 0,
    leastOperand,
    pieces: counts.pieces,
    axesKept: counts.axesKept,
    lastAxisKept: counts.lastAxisKept,
    rank: outputShape.length,
    inputRank: first.length,
    resigned: isResigned(formats) ? 1 : 0,
    outputs: outputs * counts.outputs,
    pixels,
    windows: pixels * kernelArea,
    insideTaps,
    paddedTaps: pixels * kernelArea - insideTaps,
    insideRows,
    insideColumns,
    im2col: pixels * windowSize,
    windowSize,
    kernelArea,
    kernelHeight,
    kernelWidth,
    strideHeight,
    strideWidth,
    maxStride: Math.max(strideHeight, strideWidth),
    maxDilation,
    groups,
    depthMultiplier: counts.depthMultiplier,
    inputHeight: input.height,
    inputWidth: input.width,
    outputHeight: output.height,
    outputWidth: output.width,
    inputChannels: input.channels,
    outputChannels: output.channels,
    dimensions: op.dimensions ?? outputShape.length + 1,
    borderedPixels: (input.height + border * (kernelHeight - 1)) * (input.width + border * (kernelWidth - 1)),
    paddedRows,
    paddedColumns,
    borderInputs:
      ((input.height + paddedRows) * (input.width + paddedColumns) - input.height * input.width) *
      input.channels,
    addedChannels: Math.max(0, output.channels - input.channels),
    inputRow: input.width * input.channels,
    outputRow: output.width * output.channels,
    oddPixels: (pixels % 2) * output.channels * windowSize,
    oddChannels: (output.channels % 2) * pixels * windowSize,
    remainderInputs: pixels * kernelArea * (input.channels % 4),
    remainderMacs: outputs * (windowSize % 4),
    remainderMacs16: outputs * (windowSize % 16),
    deepMacs: outputs * Math.max(0, windowSize - 64),
    remainderChannels: pixels * (output.channels % 4),
    poolReads: counts.poolReads,
    reduced: counts.reduced,
    filters,
    channelScales: op.scales ?? filters,
    expansion: inputs === 0 ? 1 : (outputs * counts.outputs) / inputs,
    tensors,
    weightBytes: weights * weightElementBytes + biases * 4 + counts.constantBytes,
    streamedWeights: macs === weights && windowSize > cachedRow ? weights * weightElementBytes : 0,
    quantizationEntries: counts.outputs + quantised(weights) + quantised(biases),
    float: formats.input === 'float32' ? 1 : 0,
    elementBytes,
    outputElementBytes: bytesPerElement[formats.output],
    crossed: counts.crossed,
    units: counts.units,
    wholeWindow: windowSize * groups,
  };
}
