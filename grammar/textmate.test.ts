import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';
import { examples } from './testing/examples.ts';
import { tokenize } from './tokenize.ts';
import * as t from './tokens.ts';
import { declarationWords, functionWords, layerWords, statementWords, unitWords } from './words.ts';

const path = new URL('./syntaxes/nas.tmLanguage.json', import.meta.url);

async function loadGrammar(): Promise<textmate.IGrammar> {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(readFileSync(wasm));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: () => Promise.resolve(textmate.parseRawGrammar(readFileSync(path, 'utf8'), 'nas.json')),
  });
  const grammar = await registry.loadGrammar('source.nas');
  assert.ok(grammar);
  return grammar;
}

const grammar = await loadGrammar();

interface Scoped {
  readonly start: number;
  readonly end: number;
  readonly scope: string;
}

function scopesOf(text: string): Scoped[] {
  const found: Scoped[] = [];
  let state = textmate.INITIAL;
  let offset = 0;
  for (const line of text.split('\n')) {
    const result = grammar.tokenizeLine(line, state);
    for (const { startIndex, endIndex, scopes } of result.tokens) {
      const scope = scopes[scopes.length - 1] ?? '';
      found.push({ start: offset + startIndex, end: offset + Math.min(endIndex, line.length), scope });
    }
    state = result.ruleStack;
    offset += line.length + 1;
  }
  return found;
}

/** The scope of the first occurrence of `part`. */
function scopeOf(text: string, part: string): string {
  const at = text.indexOf(part);
  return scopesOf(text).find(({ start, end }) => start <= at && at < end)?.scope ?? '';
}

for (const [text, part, scope] of [
  ['space vww {', 'space', 'keyword.declaration.nas'],
  ['space vww {', 'vww', 'entity.name.type.nas'],
  ['dataset fashion-mnist', 'fashion-mnist', 'support.class.nas'],
  ['target "nucleo"', '"nucleo', 'string.quoted.double.nas'],
  ['conv 3x3 -> 16', 'conv', 'support.type.layer.nas'],
  ['conv 3x3 -> 16', '3x3', 'constant.numeric.dimensions.nas'],
  ['conv 3x3 -> 16', '->', 'keyword.operator.arrow.nas'],
  ['conv 3x3 stride 2', 'stride', 'variable.parameter.nas'],
  ['let t = {2 | 3}', 'let', 'storage.type.nas'],
  ['let t = {2 | 3}', 't = ', 'variable.other.constant.nas'],
  ['clock 180 MHz', 'MHz', 'keyword.other.unit.nas'],
  ['battery 230mAh at 3 V', 'mAh', 'keyword.other.unit.nas'],
  ['MB(24) x0..2 same', 'MB', 'entity.name.function.nas'],
  ['MB(24) x0..2 same', 'x0', 'keyword.control.repeat.nas'],
  ['MB(24) x0..2 same', 'same', 'keyword.control.nas'],
  ['conv 1x1 -> round8(16 * w)', 'round8', 'support.function.nas'],
  ['dense -> classes', 'classes', 'variable.language.nas'],
  ['quantize int8', 'quantize', 'keyword.declaration.nas'],
  ['choice { taper: gap }', 'taper', 'entity.name.label.nas'],
  ['gap // pool', '// pool', 'comment.line.double-slash.nas'],
] as const) {
  test(`${part} in \`${text}\` is ${scope}`, () => assert.equal(scopeOf(text, part), scope));
}

test('every reserved word, layer, function and unit is coloured as one', () => {
  for (const word of declarationWords) {
    const text = word === 'quantize' ? 'quantize int8' : `${word} `;
    assert.equal(scopeOf(text, word), 'keyword.declaration.nas', word);
  }
  for (const word of statementWords) {
    assert.match(scopeOf(`${word} `, word), /^(keyword\.control|storage\.type)\.nas$/, word);
  }
  for (const word of layerWords) assert.equal(scopeOf(word, word), 'support.type.layer.nas', word);
  for (const word of functionWords) assert.equal(scopeOf(`${word}(1)`, word), 'support.function.nas', word);
  for (const unit of unitWords) assert.equal(scopeOf(`12 ${unit}`, unit), 'keyword.other.unit.nas', unit);
});

for (const { name, text } of examples) {
  test(`TextMate and the lexer agree on ${name}`, () => {
    const scopes = scopesOf(text);
    const reserved = new Set(Object.values({ ...t.declare, ...t.keyword }));
    for (const token of tokenize(text).tokens) {
      const scope = scopes.find(
        ({ start, end }) => start <= token.startOffset && token.startOffset < end,
      )?.scope;
      const at = `${token.image} at ${token.startOffset}`;
      if (reserved.has(token.tokenType)) assert.match(scope ?? '', /^(keyword|storage)\./, at);
      else if (token.tokenType === t.StringToken) assert.match(scope ?? '', /^string\./, at);
      else if (token.tokenType === t.Dimensions) assert.equal(scope, 'constant.numeric.dimensions.nas', at);
      else if (token.tokenType === t.NumberToken) assert.equal(scope, 'constant.numeric.nas', at);
      else if (token.tokenType === t.RepeatWord) assert.equal(scope, 'keyword.control.repeat.nas', at);
      else assert.doesNotMatch(scope ?? '', /^(comment|string)\./, at);
    }
  });
}
