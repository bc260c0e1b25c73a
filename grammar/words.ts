/**
 * Words that the grammar must know although they are not reserved. They decide two things only: whether a line
 * continues the one before it, and whether a word after a number is its unit. What a word *means* is the
 * business of `engine/space`; a word that is missing here still parses on one line.
 */

/** Words that always begin a declaration, and so always end an unfinished one before them. */
export const declarationWords = [
  'import',
  'target',
  'dataset',
  'block',
  'cell',
  'space',
  'quantize',
  'sparsity',
  'constraints',
  'objectives',
  'search',
] as const;

/** Reserved words inside the body of a block or a space. */
export const statementWords = [
  'let',
  'tie',
  'when',
  'unless',
  'require',
  'choice',
  'branches',
  'skip',
] as const;

/** Reserved words inside expressions. */
export const expressionWords = ['and', 'or', 'not', 'else'] as const;

/** Every word that cannot be a name. */
export const reservedWords: readonly string[] = [...declarationWords, ...statementWords, ...expressionWords];

export { followerWords, functionWords, layerWords, operandWords, parameterWords } from './layer-words.ts';

/**
 * Parameters that only begin a line. Behind another word they are rather names: `tie channels = {8 | 16}` is likely, a
 * layer with a parameter `channels` is not.
 */
export const rareParameterWords: ReadonlySet<string> = new Set(['type', 'channels', 'weights', 'macs']);

const settingsOfTargets: ReadonlySet<string> = new Set(['runtime', 'clock', 'schedule', 'battery']);

/**
 * Settings whose value is several words and numbers, such as `runtime tflm + cmsis-nn 2020` and `schedule every 2 s`, with
 * the settings beside them, which are no part of such a value.
 */
export const settingsOfWords: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  ['runtime', 'schedule', 'battery', 'sleep'].map((name) => [name, settingsOfTargets]),
);

/** Units, with or without a blank after the number. `%` is a token of its own. */
export const unitWords: ReadonlySet<string> = new Set(
  (
    'B KB MB KiB MiB ns us ms s second seconds min minute minutes h hour hours day days week weeks year years ' +
    'Hz kHz MHz GHz nJ uJ mJ J nW uW mW W mAh Ah nA uA mA mV V epoch epochs'
  ).split(' '),
);
