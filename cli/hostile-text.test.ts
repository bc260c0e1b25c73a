/** Names that would steer a terminal, a page, a compiler or a reader of Markdown go through every output. */

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { withZeroChannelsInside } from '../engine/model/testing/odd-models.ts';
import { writeAnyModel } from '../engine/model/testing/any-model.ts';
import { writeDataFacts } from '../engine/search/run/data-facts.ts';
import { formatLine, readJournal } from '../engine/search/run/journal.ts';
import { invoke } from './testing/capture.ts';

const root = path.resolve(import.meta.dirname, '..');
const evaluator = path.join(root, 'engine/search/workers/testing/imagined-evaluator.ts');
const trained = path.join(root, 'test/fixtures/tflite/nasturtium_clothes_int8.tflite');
const folder = mkdtempSync(path.join(tmpdir(), 'nasturtium-hostile-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]) => path.join(folder, ...names);

/** Without a slash where it is the name of a file. */
const steering = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202egnp.exe\u2066\u2028\ufeff';
const line = '\nnasturtium: error: forged\r';
const markup = '![](https://evil.example/x.png)[free](command:evil)<img src=x onerror=alert(1)>`*/??';
const hostile = `${steering}${line}${markup}*\\\n/ int evil; /*`;
const fileName = `${steering}\n![](x)`;

const steers = /[\p{Cc}\p{Bidi_Control}\u2028\ufeff]/gu;

/** What stands there and would steer; line ends and tabs are ours, except where a name brings its own. */
function found(text: string): string[] {
  const signs = [...text.matchAll(steers)].map(([sign]) => sign).filter((sign) => !/[\n\t]/.test(sign));
  return [
    ...signs.map((sign) => JSON.stringify(sign)),
    ...(/^nasturtium: error: forged/m.test(text) ? ['a line'] : []),
  ];
}

async function says(...args: readonly string[]): Promise<string> {
  const { out, err } = await invoke(args);
  assert.deepEqual(found(out), [], `the output of ${args[0] ?? ''}`);
  assert.deepEqual(found(err), [], `the messages of ${args[0] ?? ''}`);
  return out + err;
}

describe('text of others', () => {
  before(() => {
    const board = JSON.parse(readFileSync(path.join(root, 'device-profiles/boards/pico.json'), 'utf8')) as {
      readonly sram: readonly object[];
    };
    const own = {
      ...board,
      $schema: undefined,
      id: 'mine',
      aliases: [],
      name: `Mine ${hostile}`,
      mcu: hostile,
    };
    const sram = board.sram.map((bank) => ({ ...bank, name: hostile }));
    mkdirSync(at('.nasturtium', 'boards'), { recursive: true });
    writeFileSync(at('.nasturtium', 'boards', 'mine.json'), JSON.stringify({ ...own, sram }));
    writeFileSync(at('.nasturtium', 'boards', 'broken.json'), JSON.stringify({ [hostile]: hostile }));
    writeFileSync(
      at('space.nas'),
      `target "mine"
       dataset fashion-mnist
       space a { conv {3 | 5} -> {8 | 12} stride 2, relu; gap; dense -> classes }
       search random { trials 2; fidelity 1..1 epochs; seed 3 }\n`,
    );
    // A string ends with its line.
    const inLine = hostile.replace(/[\n\r"\\]/g, '');
    writeFileSync(
      at('strings.nas'),
      `// ${inLine}\ntarget "${inLine}"\nimport "./${inLine}.nas"\nspace b { gapp "${inLine}" }\n`,
    );
    cpSync(at('space.nas'), at(`${fileName}.nas`));
    const shape = [1, 4, 4, 3];
    const tensor = { shape, type: 'int8', scale: [1], name: hostile } as const;
    writeFileSync(
      at('named.tflite'),
      writeAnyModel([
        {
          name: hostile,
          tensors: [tensor, tensor, tensor],
          inputs: [0],
          outputs: [2],
          operators: [
            { kind: 'RELU', inputs: [0], outputs: [1] },
            { kind: hostile, inputs: [1], outputs: [2] },
          ],
        },
      ]),
    );
    writeFileSync(at(`${fileName}.tflite`), withZeroChannelsInside());
  });

  it('of models, boards and files is shown by the command line, and not obeyed', async () => {
    for (const json of [[], ['--json']]) {
      await says('cost', at('space.nas'), ...json);
      await says(
        'cost',
        at('named.tflite'),
        '--target',
        'mine',
        ...json,
        ...(json.length > 0 ? ['--detail'] : []),
      );
      await says('cost', at(`${fileName}.tflite`), '--target', 'mine', ...json);
      await says('cost', at('space.nas'), '--target', hostile, ...json);
      await says('cost', at('space.nas'), '--arch', hostile, ...json);
      await says('check', folder, ...json);
      await says('check', at('strings.nas'), ...json);
      await says('check', at(`missing ${fileName}`), ...json);
      await says('boards', '--profiles', at('.nasturtium'), ...json);
      await says('front', at(fileName), ...json);
      await says('fmt', '--check', folder, ...json);
      await says(hostile, ...json);
    }
    await says('boards', '--profiles', at('.nasturtium'), '--template', 'mine');
    const page = at('report.html');
    await says('cost', at('named.tflite'), '--target', 'mine', '--report', page);
    const html = readFileSync(page, 'utf8');
    // A line end is a blank there.
    assert.deepEqual(found(html.replaceAll('\n', ' ')), []);
    assert.doesNotMatch(html, /<(img|a|script|iframe)\b/);
  });

  it('of runs is shown and not obeyed, nor in what is exported', async () => {
    const run = at('run');
    const common = ['--workers', '1', '--evaluator-module', evaluator];
    await says('search', at('space.nas'), '--run', run, ...common);
    const journal = path.join(run, 'journal.jsonl');
    const { records } = readJournal(journal);
    const lines = records.map((record) =>
      record.kind === 'evaluation'
        ? { ...record, record: { ...record.record, name: hostile } }
        : record.kind === 'sitting'
          ? { ...record, backend: hostile }
          : record,
    );
    writeFileSync(journal, lines.map(formatLine).join(''));
    for (const trial of ['0', '1']) {
      mkdirSync(path.join(run, 'trials', trial, '1'), { recursive: true });
      cpSync(trained, path.join(run, 'trials', trial, '1', 'model.tflite'));
    }
    for (const json of [[], ['--json']]) {
      assert.match(await says('front', run, '--all', ...json), /\\+u001b/);
      await says('resume', run, ...common, ...json);
    }
    await says('resume', run, ...common, '--events');
    writeDataFacts(run, {
      classNames: [hostile, hostile],
      shape: [1],
      values: 'numbers',
      normalization: { scale: 1, offset: 0 },
      columns: [{ name: hostile, mean: 1, deviation: 2 }],
      samples: { train: 8, validation: 1, test: 1 },
    });
    const copy = at(`run ${steering}`);
    cpSync(run, copy, { recursive: true });
    await says('export', copy, '--trial', '0', '-o', at('out'));
    const exported = readdirSync(at('out'));
    assert.equal(exported.length, 8, exported.join());
    for (const name of exported) {
      assert.match(name, /^[\w.]+$/);
      if (name.endsWith('.tflite')) continue;
      const text = readFileSync(at('out', name), 'utf8');
      assert.deepEqual(found(/\.(html|svg)$/.test(name) ? text.replaceAll('\n', ' ') : text), [], name);
      if (/\.(html|svg)$/.test(name)) assert.doesNotMatch(text, /<(img|a|script|iframe)\b/, name);
      if (name.endsWith('.md')) assert.doesNotMatch(text, /!\[\]|\]\(command|<img|https:/, name);
      if (!/\.[ch]$/.test(name)) continue;
      assert.doesNotMatch(text, /\\$|\?\?\/|[^\n\x20-\x7e]/m, name);
      assert.doesNotMatch(
        text.replace(/\/\*[^]*?\*\/|"(\\[0-7]{3}|[^"\\\n])*"/g, ''),
        /int evil|error: forged|"/,
        name,
      );
    }
  });
});
