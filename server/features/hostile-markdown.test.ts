/** Names of boards, banks and runtimes, notes, comments and strings that are Markdown reach no reader as Markdown. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { MarkupContent } from 'vscode-languageserver-types';
import { diagnose } from '../diagnostics/index.ts';
import { fixture } from '../testing/fixture.ts';
import { defaultSettings } from '../analysis/settings.ts';
import { completions } from './completion.ts';
import { resolveCompletion } from './completion-documentation.ts';
import { hover } from './hover.ts';
import { inlayHints, resolveInlayHint } from './inlay-hints.ts';
import { signatureHelp } from './signature.ts';

const markup =
  '![](https://evil.example/x.png)[free](command:workbench.action.quit)<img src=x onerror=alert(1)>' +
  '[x]: https://evil.example **bold** | `code` ``` \u202e\u001b[31m www.evil.example a@evil.example $(zap)';

const read = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, '../../device-profiles', name), 'utf8')) as Record<
    string,
    unknown
  >;

/** Every text of a profile is hostile that the schema lets be any text. */
function hostileBoard(): string {
  const board = read('boards/pico.json');
  const sram = (board['sram'] as object[]).map((bank, i) => ({ ...bank, name: `${markup} ${i}` }));
  return JSON.stringify({
    ...board,
    $schema: undefined,
    ...{ id: 'mine', aliases: [markup], name: markup, mcu: markup, sram },
    runtimes: ['own', ...(board['runtimes'] as string[])],
    defaultRuntime: 'own',
  });
}

function hostileRuntime(): string {
  const runtime = read('runtimes/tflm-cmsis-nn.json');
  return JSON.stringify(
    { ...runtime, $schema: undefined, id: 'own', aliases: [], name: markup },
    (key, value: unknown) =>
      ['description', 'note', 'notes', 'reason', 'basis', 'source'].includes(key) && typeof value === 'string'
        ? markup
        : value,
  );
}

const { workspace, snapshot } = fixture(`//- /.nasturtium/boards/mine.json
${hostileBoard()}
//- /.nasturtium/runtimes/own.json
${hostileRuntime()}
//- /blocks.nas
// ${markup}
// - a list, and \`code\`
block Far(width) { conv 3x3 -> width, relu }
//- /main.nas
import { Far } from "./blocks.nas"
target "mine"
target "${markup.replace(/[`|"]/g, '')}"
dataset fashion-mnist
// ${markup}
block Near(width, kernel = {3 | 5}) {
  let t = {2 | 3} // ${markup}
  conv kernel -> width * t, bn, relu
}
space all {
  Near({8 | 16})
  Far(8)
  conv 3x3 -> {8 | 16} stride 2, relu as kept
  choice { a: { maxpool 2x2 } b: { avgpool 2x2 } }
  gap
  dense -> classes
}
constraints { ram < 96 KB; latency < 20 ms on "mine"; flash < 1 MB }
search nsga2 { population 4; trials 8 }
`);

/** What a reader of Markdown would make of it beside words, code and our own links. */
function actsOf(markdown: string): string[] {
  const words = markdown
    // In code there is nothing but text. A fence ends with one that is as long.
    .replace(/^(`{3,})nas\n[^]*?\n\1$/gm, '')
    .replace(/(?<![\\`])(`+)(?!`)(?:(?!\1)[^]|`(?=`))*?[^`]?\1(?!`)/g, '')
    .replace(
      /\[[^\]]*\]\((command:nasturtium\.(?:costs|explain)\?[\w%.~-]+( "[^"]*")?|file:\/\/\/[\w%./-]+)\)/g,
      '',
    );
  return [
    ...words.matchAll(
      /(?<!\\)!?\[|\]\(|<|https:|command:|www\.|(?<!\\)@|(?<!\\)\$\(|[\p{Cc}\p{Bidi_Control}]/gu,
    ),
  ]
    .map(([act]) => act)
    .filter((act) => act !== '\n');
}

function requireHarmless(markdown: string, what: string): void {
  assert.deepEqual(actsOf(markdown), [], `${what}:\n${markdown}`);
}

test('the scanner finds what it looks for', () => {
  assert.ok(new Set(actsOf(markup)).size >= 8);
  assert.deepEqual(actsOf('**`![](x)`** ```nas\n```'), []);
});

for (const explained of [false, true]) {
  test(`hovers show it as text${explained ? ', also when they explain' : ''}`, () => {
    const seen = new Set<string>();
    for (let offset = 0; offset < snapshot.text.length; offset++) {
      const found = hover(snapshot, offset, workspace, { links: true, explained });
      if (found === null) continue;
      const { value } = found.contents as MarkupContent;
      if (!seen.has(value))
        requireHarmless(value, `the hover at ${snapshot.text.slice(offset, offset + 20)}`);
      seen.add(value);
    }
    const all = [...seen].join('\n');
    assert.ok(seen.size > 30);
    for (const words of ['RAM for data', 'evil.example', 'Memory over the inference', '- a list, and `code`'])
      assert.ok(all.includes(words), words);
    assert.equal(all.includes('Where the time goes, by'), explained);
    assert.equal(all.includes('nasturtium.explain'), !explained);
  });
}

test('completion shows it as text', () => {
  let shown = 0;
  for (const place of ['target "', 'Near({8', '  gap', 'latency']) {
    const offset = snapshot.text.indexOf(place) + place.length - 1;
    for (const item of completions(snapshot, offset, workspace)?.items ?? []) {
      const { documentation } = resolveCompletion(item, workspace);
      if (typeof documentation !== 'object') continue;
      requireHarmless(documentation.value, item.label);
      shown++;
    }
  }
  assert.ok(shown > 10);
});

test('hints and signatures show it as text', () => {
  const everywhere = { start: 0, end: snapshot.text.length };
  const hints = inlayHints(snapshot, everywhere, defaultSettings);
  assert.ok(hints.length > 5);
  for (const hint of hints) {
    const { tooltip } = resolveInlayHint(snapshot, hint, { links: true, explained: false });
    if (typeof tooltip === 'object') requireHarmless(tooltip.value, JSON.stringify(hint.label));
  }
  for (let offset = 0; offset < snapshot.text.length; offset++) {
    for (const { documentation } of signatureHelp(snapshot, offset)?.signatures ?? []) {
      if (typeof documentation === 'object') requireHarmless(documentation.value, 'a signature');
    }
  }
});

test('problems steer and turn nothing', () => {
  for (const { message } of diagnose(snapshot, defaultSettings)) {
    assert.doesNotMatch(JSON.stringify(message), /[\p{Bidi_Control}]|[^\\]\\u001b/u);
  }
});
