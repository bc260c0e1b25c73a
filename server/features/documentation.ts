/**
 * What is written about the words of the language. Layers and functions are documented where they are defined
 * (`engine/space`); the keywords and settings here.
 */

import {
  commonParameters,
  datasetForms,
  formsOfSearch,
  functions,
  isMetric,
  metrics,
  operators,
  strategyRow,
  symbols,
  targetForms,
  type SettingForm,
  type SettingForms,
} from '../../engine/space/index.ts';
import { nearest, type Node } from '../../grammar/index.ts';

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
  else: {
    syntax: '32 when stride == 2 else 16',
    text: 'What the value is where the condition behind `when` does not hold.',
  },
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

/** The settings of a declaration; of `search` those that its strategy has, and of all strategies where none is written. */
export function settingsOf(of: SettingHolder, strategy?: string): SettingForms {
  if (of === 'target') return targetForms;
  if (of === 'dataset') return datasetForms;
  return formsOfSearch(strategy);
}

/** The form of a setting that stands in the braces of those of `path`, outermost first. */
export function formOf(of: SettingHolder, path: readonly string[], name: string): SettingForm | undefined {
  const forms = path.reduce<SettingForms>((around, outer) => around[outer]?.inside ?? {}, settingsOf(of));
  return Object.hasOwn(forms, name) ? forms[name] : undefined;
}

export type SettingHolder = 'target' | 'dataset' | 'search';

export function settingDocumentation(of: SettingHolder, name: string, strategy?: string): string | undefined {
  const forms = settingsOf(of, strategy);
  const form = Object.hasOwn(forms, name) ? forms[name] : undefined;
  if (form === undefined) return undefined;
  const usual = form.byDefault === undefined ? '' : ` Unless written: ${form.byDefault}.`;
  return example({ syntax: `${name} ${form.example}`, text: form.documentation + usual });
}

/** What the word says, then an example as one: in front of the text it would look like what stands in the file. */
export function example({ syntax, text }: WordInfo): string {
  return `${text}\n\nFor example:\n\`\`\`nas\n${syntax}\n\`\`\``;
}

/** Markdown for a layer of the catalogue: what it does, and unless it is to be `brief` what can be set of it. */
export function operatorDocumentation(name: string, brief = false): string | undefined {
  const info = operators.get(name);
  if (info === undefined) return undefined;
  if (brief && info.documentation !== '') return info.documentation;
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
    const strategy = holder.kind === 'search' ? holder.strategy?.name : undefined;
    const setting = settingDocumentation(holder.kind, name, strategy);
    if (setting !== undefined) return setting;
  }
  const strategy = holder?.kind === 'search' ? strategyRow(name) : undefined;
  if (strategy !== undefined) return strategy.documentation;
  if (nearest(path, 'constraint') !== undefined || nearest(path, 'objective') !== undefined) {
    if (isMetric(name)) return metrics[name].documentation;
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
