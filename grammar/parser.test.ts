import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IToken } from 'chevrotain';
import fc from 'fast-check';
import { expectedAt, formatDocument, parse, type Expression, type Statement } from './index.ts';
import { longestText, NasParser } from './parser.ts';
import { examples, withoutPlaces } from './testing/examples.ts';
import { printExpression, printFile } from './testing/print.ts';
import { tokenize } from './tokenize.ts';

test('the grammar passes the validations of Chevrotain', () => {
  assert.doesNotThrow(() => new NasParser(false));
});

for (const { name, text } of examples) {
  test(`${name} parses without problems and comes back from its printed form`, () => {
    const parsed = parse(text);
    assert.deepEqual(parsed.problems, []);
    const again = parse(printFile(parsed.file));
    assert.deepEqual(again.problems, []);
    const withoutOptional = (node: unknown): string => JSON.stringify(withoutPlaces(node));
    assert.equal(withoutOptional(again.file), withoutOptional(parsed.file));
  });
}

function statements(body: string): readonly Statement[] {
  const { file, problems } = parse(`space s {\n${body}\n}`);
  assert.deepEqual(problems, []);
  const [space] = file.declarations;
  assert.ok(space?.kind === 'space');
  return space.body;
}

function value(text: string): string {
  const [statement] = statements(`let v = ${text}`);
  assert.ok(statement?.kind === 'let');
  return shape(statement.value);
}

/** An expression with every bracket written. */
function shape(node: Expression): string {
  switch (node.kind) {
    case 'binary':
      return `(${shape(node.left)} ${node.operator} ${shape(node.right)})`;
    case 'unary':
      return `(${node.operator} ${shape(node.operand)})`;
    case 'range': {
      const suffix = node.step ? ` step ${shape(node.step)}` : node.log ? ` log ${shape(node.log)}` : '';
      return `[${shape(node.low)}..${shape(node.high)}${suffix}]`;
    }
    default:
      return printExpression(node);
  }
}

for (const [text, expected] of [
  ['1 + 2 * 3', '(1 + (2 * 3))'],
  ['(1 + 2) * 3', '((1 + 2) * 3)'],
  ['1 - 2 - 3', '((1 - 2) - 3)'],
  ['-a * b', '((- a) * b)'],
  ['not a == b and c', '((not (a == b)) and c)'],
  ['a or b and c', '(a or (b and c))'],
  ['0.25..0.75 step 0.125', '[0.25..0.75 step 0.125]'],
  ['1e-4..1e-2 log 5', '[0.0001..0.01 log 5]'],
  ['1 + 1..2 * 4', '[(1 + 1)..(2 * 4)]'],
  ['log(a / 80 ms) + step', '(log(a / 80 ms) + step)'],
  ['64 % n == 0', '((64 % n) == 0)'],
  ['90 %', '90 %'],
  ['cmsis-nn + a - b', '((cmsis-nn + a) - b)'],
] as const) {
  test(`binds as written: ${text}`, () => assert.equal(value(text), expected));
}

const expression: fc.Arbitrary<string> = fc.letrec<{ e: string }>((tie) => ({
  e: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'width', '3', '0.5', '32 KB', '3x3', '90 %'),
    fc
      .tuple(tie('e'), fc.constantFrom('+', '-', '*', '/', 'and', 'or', '==', '<'), tie('e'))
      .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
    tie('e').map((a) => `-(${a})`),
    tie('e').map((a) => `not (${a})`),
    fc.tuple(tie('e'), tie('e')).map(([a, b]) => `{${a} | ${b}}`),
    fc.tuple(tie('e'), tie('e')).map(([a, b]) => `max(${a}, n = ${b})`),
    fc.tuple(tie('e'), tie('e')).map(([a, b]) => `(${a})..(${b})`),
  ),
})).e;

test('printing an expression and reading it again gives the same tree', () => {
  fc.assert(
    fc.property(expression, (text) => {
      const tree = (source: string): Expression => {
        const [statement] = statements(`let v = ${source}`);
        assert.ok(statement?.kind === 'let');
        return statement.value;
      };
      const first = tree(text);
      assert.deepEqual(withoutPlaces(tree(printExpression(first))), withoutPlaces(first));
    }),
  );
});

test('line ends separate statements and nothing else does', () => {
  const kinds = (body: string): string[] =>
    statements(body).map((statement) =>
      statement.kind === 'operator' ? statement.name.name : statement.kind,
    );
  assert.deepEqual(kinds('conv 3x3 -> 16\ngap'), ['conv', 'gap']);
  assert.deepEqual(kinds('conv 3x3 -> 16; gap'), ['conv', 'gap']);
  assert.deepEqual(kinds('conv 3x3\n  -> 16\n  stride 2,\n  bn,\n  relu\n  x2\ngap'), ['conv', 'gap']);
  assert.deepEqual(kinds('MB(\n  24,\n  2\n)\ngap'), ['MB', 'gap']);
  assert.deepEqual(kinds('let v = {\n  1 |\n  2\n  | 3\n}\ngap'), ['let', 'gap']);
  assert.deepEqual(kinds('let v =\n  16\ngap'), ['let', 'gap']);
  assert.deepEqual(kinds('conv 3x3 -> a +\n  b // why\n\n// more\ngap'), ['conv', 'gap']);
  assert.deepEqual(kinds('conv 3x3 -> 16, bn,\n  {relu | leaky 0.1}\ngap'), ['conv', 'gap']);
  assert.deepEqual(kinds('conv 3x3 -> 16,\n  {leaky 0.1 |\n  relu\n  | none} x2\ngap'), ['conv', 'gap']);
  assert.deepEqual(kinds('choice\n{ a: gap }\n{ gap }'), ['choice', 'group']);
});

test('an operand, parameters, names of tensors and followers are told apart', () => {
  const [statement] = statements(
    'conv k stride s as left from right, bn, {relu | leaky 0.1}, dropout 0.2 x2 same ? when a',
  );
  assert.ok(statement?.kind === 'operator');
  assert.equal(statement.operand && printExpression(statement.operand), 'k');
  assert.deepEqual(
    statement.parameters.map(({ name, value: v }) => `${name.name}=${printExpression(v)}`),
    ['stride=s', 'as=left', 'from=right'],
  );
  assert.deepEqual(
    statement.followers.map((each) =>
      (each.kind === 'follower' ? [each] : each.options)
        .map(({ name, value: v }) => name.name + (v ? printExpression(v) : ''))
        .join(' or '),
    ),
    ['bn', 'relu or leaky0.1', 'dropout0.2'],
  );
  assert.ok(statement.repeat?.same !== undefined && statement.optional !== undefined);
  assert.equal(statement.conditions.length, 1);
});

test('spans are exact', () => {
  const text = 'space s {\n  conv (k + 2) -> 16 stride 2, relu ?\n}\n';
  const { file } = parse(text);
  const [space] = file.declarations;
  assert.ok(space?.kind === 'space');
  const [conv] = space.body;
  assert.ok(conv?.kind === 'operator' && conv.operand && conv.output && conv.parameters[0]);
  const slice = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);
  assert.equal(slice(space), text.trimEnd());
  assert.equal(slice(conv), 'conv (k + 2) -> 16 stride 2, relu ?');
  assert.equal(slice(conv.operand), '(k + 2)');
  assert.equal(slice(conv.output), '16');
  assert.equal(slice(conv.parameters[0]), 'stride 2');
});

test('strings resolve their escapes', () => {
  const [target] = parse(String.raw`target "a\"b\\c\n"`).file.declarations;
  assert.ok(target?.kind === 'target');
  assert.equal(target.board?.value, 'a"b\\c\n');
});

test('the weight and the board of an objective stand in either order', () => {
  const read = (text: string): unknown => {
    const { file, problems } = parse(`objectives { ${text} }`);
    assert.deepEqual(problems, []);
    const [objectives] = file.declarations;
    assert.ok(objectives?.kind === 'objectives');
    const [first] = objectives.items;
    return [first?.on?.value, first?.weight?.kind];
  };
  assert.deepEqual(read('min ram on "pico" weight 2'), ['pico', 'number']);
  assert.deepEqual(read('min ram weight 2 on "pico"'), ['pico', 'number']);
  assert.equal(parse('objectives { min ram weight 2 on "pico" weight 3 }').problems.length, 1);
});

test('a list with thousands of mistakes ends its declaration, and reading goes on behind it', () => {
  const list = `dataset d(${'a - when , '.repeat(20_000)})`;
  const { file, problems } = parse(`block b { gap }\n${list}\nblock c { gap }\n`);
  assert.deepEqual(
    file.declarations.map((each) => ('name' in each ? each.name?.name : undefined)),
    ['b', 'c'],
  );
  assert.ok(problems.length > 0);
});

test('stray braces are counted once for a text, and not at each of them', () => {
  const looks = (count: number): number => {
    let seen = 0;
    class Counting extends NasParser {
      protected override LA(ahead: number): IToken {
        seen++;
        return super.LA(ahead);
      }
    }
    const text = `space s { choice {${'\n; when '.repeat(count)}} }`;
    const parser = new Counting(true);
    parser.load(tokenize(text).tokens, text.length);
    parser.file([]);
    return seen;
  };
  const few = looks(200);
  assert.ok(looks(800) < 5 * few, 'four times the text takes about four times the looks');
});

test('a text that is too long to be read says so, and nothing else', () => {
  const text = 'space s { gap }\n'.repeat(longestText / 16 + 1);
  const { file, problems } = parse(text);
  assert.deepEqual(file.declarations, []);
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['syntax/too-large'],
  );
  assert.deepEqual(formatDocument(text, { tabSize: 2, insertSpaces: true }), []);
  assert.deepEqual(expectedAt(text, text.length).expectations, []);
});
