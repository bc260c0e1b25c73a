/**
 * The VS Code workbench as a web server (code-server), for machines without a desktop VS Code and for the
 * end-to-end tests. Kept in `.workbench/` of the clone, installed from npm once per version.
 *
 * Installation scripts stay off: they would compile native modules that nothing here needs and that want a
 * compiler and Kerberos headers. The one that would be missed, which writes its logs, is replaced by log-writer.cjs.
 */

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export const workbenchFolder = resolve(import.meta.dirname, '../../.workbench');
const stampFile = join(workbenchFolder, 'installed');
const server = join(workbenchFolder, 'node_modules/code-server');

/** The script that starts the server. */
export const serverEntry = join(server, 'out/node/entry.js');

function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', fail);
    child.on('close', (code) =>
      code === 0 ? done() : fail(new Error(`${[command, ...args].join(' ')} failed in ${cwd}:\n${output}`)),
    );
  });
}

function npm(args: readonly string[], cwd: string): Promise<void> {
  const self = process.env['npm_execpath'];
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  return self !== undefined && /\.[cm]?js$/.test(self)
    ? run(process.execPath, [self, ...args, ...quiet], cwd)
    : run(process.platform === 'win32' ? 'npm.cmd' : 'npm', [...args, ...quiet], cwd);
}

/** Installs the workbench unless this very version is there. About 30 s and 620 MB the first time. */
export async function installWorkbench(): Promise<void> {
  const lock = readFileSync(join(import.meta.dirname, 'package-lock.json'));
  const logWriter = join(import.meta.dirname, 'log-writer.cjs');
  const stamp = createHash('sha256').update(lock).update(readFileSync(logWriter)).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  console.log('Installing the VS Code workbench from npm (code-server, about 620 MB, once).');
  await rm(workbenchFolder, { recursive: true, force: true });
  await mkdir(workbenchFolder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) {
    await copyFile(join(import.meta.dirname, name), join(workbenchFolder, name));
  }
  await npm(['ci'], workbenchFolder);
  // The two inner packages come with their own shrinkwrap files; `npm ci` refuses them, `npm install` keeps to them.
  for (const inner of ['lib/vscode', 'lib/vscode/extensions']) {
    await npm(['install', '--omit=dev'], join(server, inner));
  }
  await copyFile(logWriter, join(server, 'lib/vscode/node_modules/@vscode/spdlog/index.js'));
  await writeFile(stampFile, stamp);
}
