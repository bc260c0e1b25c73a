import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { analyseText } from '../testing.ts';
import { catalogue } from './catalogue.ts';

const folder = fileURLToPath(new URL('../../../docs/diagnostics/', import.meta.url));

interface Example {
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
}

/** The first block of a section is the file itself; blocks with a name are files it imports. */
function example(page: string, section: string): Example {
  const from = page.indexOf(`\n## ${section}\n`);
  assert.ok(from >= 0, `No section "${section}".`);
  const end = page.indexOf('\n## ', from + 4);
  const body = page.slice(from, end < 0 ? undefined : end);
  const files: Record<string, string> = {};
  let text: string | undefined;
  for (const [, name, code] of body.matchAll(/```nas ?(\S*)\n([\s\S]*?)```/g)) {
    if (name === undefined || name === '') text ??= code;
    else if (code !== undefined) files[name] = code;
  }
  assert.ok(text !== undefined, `No example under "${section}".`);
  return { text, files };
}

for (const { code, severity } of catalogue) {
  test(`${code}: the wrong example of its page has it, the right one has no problem`, () => {
    const path = `${folder}${code.replace('/', '-')}.md`;
    assert.ok(existsSync(path), `There is no page ${path}.`);
    const page = readFileSync(path, 'utf8');
    assert.ok(page.startsWith(`# ${code}\n`));
    const wrong = example(page, 'Wrong');
    const problems = analyseText(wrong.text, wrong.files).problems;
    const found = problems.find((problem) => problem.code === code);
    assert.ok(
      found !== undefined,
      `Found only ${problems.map((problem) => problem.code).join(', ') || 'nothing'}.`,
    );
    assert.equal(found.severity, severity);
    assert.ok(found.start <= found.end && found.end <= wrong.text.length);
    assert.match(found.message, /^[`A-Z0-9].*\.$/s, 'A message is a full sentence.');
    const right = example(page, 'Right');
    const analysis = analyseText(right.text, right.files);
    const left = [...analysis.parse.problems, ...analysis.problems].map(
      (problem) => `${problem.code}: ${problem.message}`,
    );
    assert.deepEqual(left, []);
  });
}

test('fixes mend what they are offered for', () => {
  for (const [text, mended] of [
    ['objectives { min latancy }', 'objectives { min latency }'],
    ['search nsga3 { trials 10 }', 'search nsga2 { trials 10 }'],
    [
      'target "pico"\nconstraints { latency < 20 ms on "piko" }',
      'target "pico"\nconstraints { latency < 20 ms on "pico" }',
    ],
  ] as const) {
    const [problem] = analyseText(text).problems;
    const [fix] = problem?.fixes ?? [];
    const [edit] = fix?.edits ?? [];
    assert.ok(edit !== undefined);
    assert.equal(text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end), mended);
  }
});
