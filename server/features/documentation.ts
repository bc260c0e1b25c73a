/**
 * What is written about the words of the language. Layers and functions are documented where they are defined
 * (`engine/space`); the keywords and settings here.
 */

import { functions } from '../../engine/space/index.ts';
import { commonParameters, operators, symbols } from '../../engine/space/index.ts';
import { nearest, type Node } from '../analysis/tree.ts';

/** One sentence per word, and how it is written. */
export interface WordInfo {
  readonly syntax: string;
  readonly text: string;
}

export const declarationWords: Readonly<Record<string, WordInfo>> = {
  import: {
    syntax: 'import { MB, DS as Separable } from "./blocks.nas"',
    text: 'Takes blocks and cells from another file.',
  },
  target: {
    syntax: 'target "pico" { runtime tflm + cmsis-nn }',
    text: 'The board, runtime and clock that costs are predicted for. Several may be declared.',
  },
  dataset: {
    syntax: 'dataset fashion-mnist',
    text: 'What a network is trained and tested on; gives the space its input and classes.',
  },
  block: {
    syntax: 'block MB(out, stride = 1) { ... }',
    text: 'A piece of network with parameters, to be used by its name.',
  },
  cell: {
    syntax: 'cell Normal(nodes = 3) { edge each <- {none | skip}; output concat }',
    text: 'A graph whose edges choose among operators, for differentiable search.',
  },
  space: {
    syntax: 'space name { ... }',
    text: 'The architectures to search: layers in order, with choices where they may vary.',
  },
  quantize: { syntax: 'quantize int8', text: 'The number format of the exported model.' },
  sparsity: { syntax: 'sparsity {none | 2:4 | channel 0.5}', text: 'Which weights are removed.' },
  constraints: {
    syntax: 'constraints { ram < 96 KB; latency < 20 ms }',
    text: 'What an architecture must meet by prediction; others are never trained.',
  },
  objectives: { syntax: 'objectives { max accuracy; min latency }', text: 'What the search makes better.' },
  search: {
    syntax: 'search nsga2 { population 24; trials 300; seed 7 }',
    text: 'The strategy and its budget.',
  },
};

export const statementWords: Readonly<Record<string, WordInfo>> = {
  let: {
    syntax: 'let t = {2 | 3 | 6}',
    text: 'Names a value. A choice in it is drawn once per use of the enclosing block.',
  },
  tie: {
    syntax: 'tie w = 0.25..1 step 0.25',
    text: 'Names a value that is drawn once for the whole space, wherever it stands.',
  },
  require: {
    syntax: 'require w * 64 <= 48',
    text: 'Architectures for which this is false are not in the space.',
  },
  choice: { syntax: 'choice { small: { ... }; large: { ... } }', text: 'One of several named bodies.' },
  branches: {
    syntax: 'branches concat { a: { ... }; b: { ... } }',
    text: 'Every branch sees the same input; their outputs are joined.',
  },
  skip: {
    syntax: 'skip add when stride == 1 and out == in',
    text: 'Joins the input of the enclosing body to what it has computed so far.',
  },
  when: { syntax: 'when stride == 1', text: 'Present only when the condition holds.' },
  unless: { syntax: 'unless stride == 2', text: 'Present only when the condition does not hold.' },
  same: {
    syntax: 'MB(24) x0..2 same',
    text: 'One draw serves all repetitions. Without it each repetition draws afresh.',
  },
  step: { syntax: '0.25..0.75 step 0.125', text: 'The distance between the values of a range.' },
  and: { syntax: 'a and b', text: 'Both hold.' },
  or: { syntax: 'a or b', text: 'At least one holds.' },
  not: { syntax: 'not a', text: 'Does not hold.' },
};

/** Settings by the declaration they stand in. */
export const settingWords: Readonly<
  Record<'target' | 'dataset' | 'search', Readonly<Record<string, WordInfo>>>
> = {
  target: {
    runtime: {
      syntax: 'runtime tflm + cmsis-nn',
      text: "The kernel library; the board's default when absent.",
    },
    clock: { syntax: 'clock 180 MHz', text: "The clock of the core; the board's default when absent." },
  },
  dataset: {
    input: { syntax: 'input 96x96x1', text: 'Height x width x channels of one image.' },
    classes: { syntax: 'classes 10', text: 'Number of classes.' },
    calibrate: { syntax: 'calibrate 256', text: 'Images used to calibrate quantisation.' },
    validation: { syntax: 'validation 0.1', text: 'Share of the images to choose architectures by.' },
    test: {
      syntax: 'test 0.2',
      text: 'Share of the images to judge by in the end, where the source has none.',
    },
    mirror: { syntax: 'mirror on', text: 'Training mirrors half of the images left to right.' },
    shift: { syntax: 'shift 2', text: 'Training moves images by up to so many pixels.' },
    label: { syntax: 'label "class"', text: 'The column of a table that holds the class.' },
    header: {
      syntax: 'header on',
      text: 'Whether the first line of a table names its columns; seen by itself where it is plain.',
    },
    source: {
      syntax: 'source embedded',
      text: 'Of fashion-mnist: the full set, the subset that ships, or the best that is at hand (auto).',
    },
    seed: { syntax: 'seed 7', text: 'Fixes the order of the images.' },
    features: { syntax: 'features mfcc { frame 40 ms; hop 20 ms }', text: 'How sound becomes an image.' },
  },
  search: {
    population: { syntax: 'population 24', text: 'Architectures that are kept at a time.' },
    sample: { syntax: 'sample 10', text: 'Size of the tournament of regularised evolution.' },
    trials: { syntax: 'trials 300', text: 'Architectures that are trained in all.' },
    budget: { syntax: 'budget 30 minutes', text: 'Time after which no new trial begins.' },
    fidelity: {
      syntax: 'fidelity 3..30 epochs',
      text: 'Least and most epochs of a trial; below 1, a share of the images.',
    },
    retrain: { syntax: 'retrain 60 epochs', text: 'Epochs of one more training, of the front alone.' },
    patience: {
      syntax: 'patience 40',
      text: 'No more trials after so many in a row that did not enter the front.',
    },
    batch: { syntax: 'batch 64', text: 'Images in a batch of the training.' },
    rate: { syntax: 'rate 0.01', text: 'Greatest learning rate of the training.' },
    smoothing: { syntax: 'smoothing 0.1', text: 'Share of each label that is spread over all classes.' },
    workers: { syntax: 'workers 4', text: 'Training processes; one per core when absent.' },
    seed: { syntax: 'seed 7', text: 'The same seed gives the same run.' },
  },
};

export const metricWords: Readonly<Record<string, string>> = {
  latency: 'Time of one inference on the target.',
  ram: "The tensor arena: activations, scratch and the interpreter's data.",
  'ram total': 'All RAM of the program: the arena, static data and the stack.',
  flash: 'Size of the model file, without the runtime and its kernels.',
  'flash total': 'The model file, the runtime and its kernels.',
  energy: 'Energy of one inference.',
  macs: 'Multiply-accumulates of one inference.',
  parameters: 'Weights and biases.',
  accuracy: 'Share of test examples that the int8 network gets right.',
};

export const strategyWords: Readonly<Record<string, string>> = {
  random: 'Architectures drawn uniformly.',
  evolution: "Regularised evolution (Real et al. 2019): the oldest dies, a tournament's winner is mutated.",
  nsga2: 'NSGA-II (Deb et al. 2002): for several objectives at once.',
};

/** What the word says, then an example as one: in front of the text it would look like what stands in the file. */
export function example({ syntax, text }: WordInfo): string {
  return `${text}\n\nFor example:\n\`\`\`nas\n${syntax}\n\`\`\``;
}

/** Markdown for a layer of the catalogue. */
export function operatorDocumentation(name: string): string | undefined {
  const info = operators.get(name);
  if (info === undefined) return undefined;
  const rows = [
    ...(info.operand === undefined ? [] : [info.operand]),
    ...(info.output === undefined ? [] : [info.output]),
    ...info.parameters,
  ]
    .map(
      ({ name: parameter, documentation, default: byDefault }) =>
        `- \`${parameter}\`${byDefault === undefined ? '' : ` (default ${byDefault})`}: ${documentation}`,
    )
    .join('\n');
  return [`**${info.name}**`, info.documentation, rows].filter((part) => part !== '').join('\n\n');
}

export function functionDocumentation(name: string): string | undefined {
  const info = functions.get(name);
  if (info === undefined) return undefined;
  const parameters = info.parameters.join(', ') + (info.variadic ? ', ...' : '');
  return `\`\`\`nas\n${info.name}(${parameters})\n\`\`\`\n\n${info.documentation}`;
}

/** Markdown for a word of the language at its place; `undefined` when it is none. */
export function wordDocumentation(name: string, path: readonly Node[]): string | undefined {
  const property = nearest(path, 'property');
  const holder = path.find(
    (node) => node.kind === 'target' || node.kind === 'dataset' || node.kind === 'search',
  );
  if (holder !== undefined && property?.name.name === name) {
    const setting = settingWords[holder.kind][name];
    if (setting !== undefined) return example(setting);
  }
  if (holder?.kind === 'search' && strategyWords[name] !== undefined) return strategyWords[name];
  if (nearest(path, 'constraint') !== undefined || nearest(path, 'objective') !== undefined) {
    if (metricWords[name] !== undefined) return metricWords[name];
  }
  const layer = nearest(path, 'operator');
  const parameter = [
    ...(layer === undefined ? [] : (operators.get(layer.name.name)?.parameters ?? [])),
    ...commonParameters,
  ].find((each) => each.name === name);
  if (parameter !== undefined && layer !== undefined) return `\`${name}\`: ${parameter.documentation}`;
  const follower = nearest(path, 'follower');
  if (follower?.name.name === name) return operatorDocumentation(name);
  const info = declarationWords[name] ?? statementWords[name];
  if (info !== undefined) return example(info);
  return symbols.get(name);
}
