/** The `.nas` language: text to tree and back. */

export * from './ast.ts';
export { parse } from './parser.ts';
