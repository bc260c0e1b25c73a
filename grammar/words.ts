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
export const expressionWords = ['and', 'or', 'not'] as const;

/** Every word that cannot be a name. */
export const reservedWords: readonly string[] = [...declarationWords, ...statementWords, ...expressionWords];

/** Names of layers: a line that begins with one starts a statement, whatever the line before it lacks. */
export const layerWords: ReadonlySet<string> = new Set(
  (
    'input conv dwconv dense gap gmp maxpool avgpool flatten reshape pad upsample resize add sub mul concat relu ' +
    'relu6 hswish sigmoid tanh leaky softmax bn dropout none identity quantize requantize dequantize output other ' +
    'reduce lstm gru attention mfcc spectrogram normalise window'
  ).split(' '),
);

/** What stands after a comma behind a layer. */
export const followerWords: ReadonlySet<string> = new Set(
  'bn relu relu6 hswish sigmoid tanh leaky softmax dropout'.split(' '),
);

/** Names of a layer's parameters: a line that begins with one and a value continues the layer above it. */
export const parameterWords: ReadonlySet<string> = new Set(
  (
    'stride padding dilation groups multiplier bias heads units hidden rate scale slope axis mode before after ' +
    'from as frame hop coeffs bands'
  ).split(' '),
);

/**
 * Parameters that only begin a line. Behind another word they are rather names: `tie channels = {8 | 16}` is likely, a
 * layer with a parameter `channels` is not.
 */
export const rareParameterWords: ReadonlySet<string> = new Set(['type', 'channels', 'weights', 'macs']);

/** Layers whose kernel may stand in parentheses: `conv (k + 2) -> 16`. */
export const operandWords: ReadonlySet<string> = new Set(
  'conv dwconv maxpool avgpool pad resize upsample lstm gru attention dropout leaky'.split(' '),
);

/**
 * Settings whose value is a name of several words, such as `runtime tflm + cmsis-nn 2020`, with the settings beside them,
 * which are no part of such a name.
 */
export const settingsOfWords: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['runtime', new Set(['runtime', 'clock'])],
]);

/** Functions of expressions. */
export const functionWords: ReadonlySet<string> = new Set(
  'round8 round floor ceil min max abs log dims divisible'.split(' '),
);

/** Units, with or without a blank after the number. `%` is a token of its own. */
export const unitWords: ReadonlySet<string> = new Set(
  (
    'B KB MB KiB MiB ns us ms s second seconds min minute minutes h hour hours Hz kHz MHz GHz nJ uJ mJ J uW mW W ' +
    'epoch epochs'
  ).split(' '),
);
