/** The `.nas` language: text to tree and back. */

export * from './ast.ts';
export { parse } from './parser.ts';
export { expectedAt, type Enclosing, type Expectation, type Expected } from './expected.ts';
export {
  declarationWords,
  expressionWords,
  followerWords,
  functionWords,
  layerWords,
  parameterWords,
  reservedWords,
  statementWords,
  unitWords,
} from './words.ts';
