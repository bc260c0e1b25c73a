/** The `.nas` language: text to tree and back. */

export * from './ast.ts';
export { parse } from './parser.ts';
export { bodyOf, forEachChild, nearest, pathAt, walk, type Node } from './walk.ts';
export { expectedAt, type Enclosing, type Expectation, type Expected } from './expected.ts';
export {
  applyEdits,
  formatDocument,
  formatOnType,
  formatRange,
  type FormatOptions,
  type TextEdit,
} from './format.ts';
export {
  declarationWords,
  expressionWords,
  followerWords,
  functionWords,
  layerWords,
  operandWords,
  parameterWords,
  rareParameterWords,
  reservedWords,
  statementWords,
  unitWords,
} from './words.ts';
