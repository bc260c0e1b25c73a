/** The `.nas` language: text to tree and back. */

export * from './ast.ts';
export { parse } from './parser.ts';
export { bodyOf, forEachChild, nearest, pathAt, walk, type Node } from './walk.ts';
export { expectedAt, type Expectation } from './expected.ts';
export { applyEdits, formatDocument, formatOnType, formatRange, type TextEdit } from './format.ts';
export {
  declarationWords,
  followerWords,
  functionWords,
  layerWords,
  operandWords,
  parameterWords,
  rareParameterWords,
  reservedWords,
  unitWords,
} from './words.ts';
