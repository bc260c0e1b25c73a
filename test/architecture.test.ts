/**
 * Enforces the table "Who may import whom" of ARCHITECTURE.md. The table itself is read from the document, so
 * that prose and rule cannot drift apart: a room or a right that is missing there is missing here.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '..');
/** Packages and rooms that a room's row names; see {@link readTable}. */
interface Row {
  readonly room: string;
  readonly rooms: readonly string[];
  readonly packages: readonly string[];
  readonly node: boolean;
}

/** The rows between the heading "Who may import whom" and the next heading. */
function readTable(markdown: string): readonly Row[] {
  const section = /## Who may import whom\n([\s\S]*?)\n## /.exec(markdown)?.[1];
  assert.ok(section !== undefined, 'ARCHITECTURE.md has no section "Who may import whom".');
  const rows: Row[] = [];
  for (const line of section.split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    if (cells.length < 6 || !/^`/.test(cells[1] ?? '')) continue;
    const names = (cell: string | undefined) =>
      [...(cell ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
    rows.push({
      room: names(cells[1])[0] ?? '',
      rooms: names(cells[2]),
      packages: names(cells[3]),
      node: cells[4] === 'yes',
    });
  }
  return rows;
}

function sourceFiles(folder: string): string[] {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) => entry.isFile() && /\.m?ts$/.test(entry.name) && !entry.parentPath.includes('node_modules'),
    )
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

const rows = readTable(readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8'));

/** The longest room that holds the file. */
function roomOf(file: string): string | undefined {
  return rows
    .map((row) => row.room)
    .filter((room) => file.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** Tests run on the developer's machine only; they may use anything. */
function isTest(file: string): boolean {
  return /\.test\.ts$|\/testing(\.ts$|\/)/.test(file);
}

function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
}

/** What is wrong with one import, or `undefined`. */
function violation(row: Row, file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) {
    const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier));
    const targetRoom = roomOf(target);
    if (targetRoom === row.room || row.rooms.includes(targetRoom ?? target)) return undefined;
    return `${file} imports ${target}, but ${row.room} may only import ${row.rooms.join(', ') || 'nothing of ours'}.`;
  }
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
    return row.node ? undefined : `${file} imports ${specifier}, but ${row.room} may not touch Node.`;
  }
  return row.packages.includes(packageOf(specifier))
    ? undefined
    : `${file} imports ${specifier}, which the row of ${row.room} does not name.`;
}

test('the table names every room that has source files', () => {
  const rooms = ['grammar', 'engine', 'device-profiles', 'firmware-probe', 'server', 'client', 'cli'];
  for (const file of rooms.flatMap(sourceFiles)) {
    assert.ok(roomOf(file) !== undefined, `${file} stands in no room of ARCHITECTURE.md.`);
  }
});

for (const row of rows) {
  test(`${row.room} imports only what ARCHITECTURE.md grants it`, () => {
    const problems: string[] = [];
    const files = sourceFiles(row.room).filter((file) => roomOf(file) === row.room && !isTest(file));
    for (const file of files) {
      for (const imported of ts.preProcessFile(readFileSync(path.join(root, file), 'utf8')).importedFiles) {
        const problem = violation(row, file, imported.fileName);
        if (problem !== undefined) problems.push(problem);
      }
    }
    assert.deepEqual(problems, []);
  });
}

test('the rule can fail', () => {
  const grammar = rows.find((row) => row.room === 'grammar');
  assert.ok(grammar !== undefined);
  assert.match(violation(grammar, 'grammar/x.ts', 'node:fs') ?? '', /may not touch Node/);
  assert.match(violation(grammar, 'grammar/x.ts', '../engine/space/index.ts') ?? '', /may only import/);
  assert.match(violation(grammar, 'grammar/x.ts', 'vscode') ?? '', /does not name/);
  assert.equal(violation(grammar, 'grammar/x.ts', './ast.ts'), undefined);
});

/** Files that a file runs before itself: its imports that are left when types are gone. */
function importedValues(file: string): string[] {
  const { outputText } = ts.transpileModule(readFileSync(path.join(root, file), 'utf8'), {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ESNext,
      verbatimModuleSyntax: true,
    },
  });
  return ts
    .preProcessFile(outputText)
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => path.posix.join(path.posix.dirname(file), fileName));
}

/** One circle for each file that leads back to one that is still open, e.g. `a.ts - b.ts - a.ts`. */
function circles(files: readonly string[], importsOf: (file: string) => readonly string[]): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, open: readonly string[]): void => {
    if (open.includes(file)) found.push([...open.slice(open.indexOf(file)), file].join(' - '));
    else if (!done.has(file)) for (const next of importsOf(file)) visit(next, [...open, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return found;
}

test('no files import each other in a circle by value', () => {
  const files = rows.flatMap(({ room }) => sourceFiles(room)).filter((file) => !isTest(file));
  const imports = new Map(files.map((file) => [file, importedValues(file)]));
  assert.deepEqual(
    circles(files, (file) => imports.get(file) ?? []),
    [],
  );
  const bad: Readonly<Record<string, string[]>> = { a: ['b'], b: ['c', 'd'], c: ['a'] };
  assert.deepEqual(
    circles(['a', 'b', 'c', 'd'], (file) => bad[file] ?? []),
    ['a - b - c - a'],
  );
});

test('grammar, engine/space and engine/cost have no clock and no chance of their own', () => {
  const impure = /\b(Math\.random|Date\.now|new Date\(|performance\.now|process\.|setTimeout|setInterval)\b/;
  const problems = ['grammar', 'engine/space', 'engine/cost']
    .flatMap(sourceFiles)
    .filter((file) => roomOf(file) !== 'engine/cost/fit')
    .filter((file) => !isTest(file))
    .filter((file) =>
      impure.test(
        ts.transpile(readFileSync(path.join(root, file), 'utf8'), {
          removeComments: true,
          target: ts.ScriptTarget.ESNext,
        }),
      ),
    );
  assert.deepEqual(problems, []);
});

/** Files that may open others themselves, and why. */
const openers: Readonly<Record<string, string>> = {
  'engine/search/run/owner.ts': 'reads what the kernel tells of processes, which is no regular file',
  'engine/search/run/journal.ts': 'keeps its journal open for appending',
  'engine/train/kernels/build.ts': 'makes the kernels; runs on the machine of a developer',
  'server/lsp/code-cache.ts': 'reads the code of the server, before the server is there',
};

test('files are read through engine/files only', () => {
  const reading = /\b(readFileSync|createReadStream|openSync|openAsBlob|readSync|readFile|promises)\b/;
  const fromNode = /import\s*\{([^}]*)\}\s*from\s*'node:fs(?:\/promises)?'|import \* as \w+ from 'node:fs/g;
  const problems = ['engine', 'device-profiles', 'server', 'client', 'cli']
    .flatMap(sourceFiles)
    .filter((file) => !['engine/files', 'engine/cost/fit'].includes(roomOf(file) ?? ''))
    .filter((file) => !isTest(file) && !(file in openers))
    .filter((file) =>
      [...readFileSync(path.join(root, file), 'utf8').matchAll(fromNode)].some(
        ([, names]) => names === undefined || reading.test(names),
      ),
    );
  assert.deepEqual(problems, []);
});
