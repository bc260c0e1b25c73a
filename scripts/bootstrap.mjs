// Prepares a fresh clone and runs one of the TypeScript scripts beside this file:
//
//   node scripts/bootstrap.mjs scripts/test.ts [arguments]
//
// Needs nothing but Node 20 or later and npm: it may use no dependency, because its job is to install them.
// Everything else in the project runs on the Node version pinned in package.json, which npm brings along.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');

/** The packages that a lock file asks for, by path; those for other systems left out. */
function wanted(lockFile) {
  if (!existsSync(lockFile)) return undefined;
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8'));
  return new Map(
    Object.entries(packages)
      .filter(([path, entry]) => path !== '' && entry.optional !== true && entry.peer !== true)
      .map(([path, entry]) => [path, entry.version]),
  );
}

/** npm writes what it has installed beside it, at the very end, so a broken-off installation shows too. */
function isInstalled() {
  const asked = wanted(join(root, 'package-lock.json'));
  const present = wanted(join(modules, '.package-lock.json'));
  if (asked === undefined || present === undefined) return false;
  return [...asked].every(([path, version]) => present.get(path) === version);
}

function npm(...args) {
  // npm tells the scripts that it runs where it is; without that, the shell finds it.
  const self = process.env.npm_execpath;
  const result =
    self !== undefined && /\.[cm]?js$/.test(self)
      ? spawnSync(process.execPath, [self, ...args], { cwd: root, stdio: 'inherit' })
      : spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' });
  return result.status === 0;
}

/** The pinned Node, fetched a second time by hand where installation scripts were switched off. */
function pinnedNode() {
  const binary = join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary)) return binary;
  const fetcher = join(modules, 'node', 'installArchSpecificPackage.js');
  if (existsSync(fetcher)) {
    console.log('Fetching the pinned version of Node, because npm ran no installation scripts.');
    spawnSync(process.execPath, [fetcher], { cwd: dirname(fetcher), stdio: 'inherit' });
  }
  if (existsSync(binary)) return binary;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  return undefined;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

const [script, ...args] = process.argv.slice(2);
if (script === undefined)
  fail('Name the script to run, for example: node scripts/bootstrap.mjs scripts/test.ts');

if (!isInstalled()) {
  // npm warns that some tools want a newer Node than the one it runs on; they get the pinned one, below.
  console.log('Installing the dependencies named in package-lock.json (npm ci).');
  if (!npm('ci', '--no-audit', '--no-fund', '--loglevel=error')) {
    fail('npm ci failed: see its messages above. A network connection to the npm registry is needed once.');
  }
}

const node = pinnedNode();
if (node === undefined) {
  fail(
    `Nasturtium is built with Node 24, which npm could not install, and this is Node ${process.versions.node}. ` +
      'Allow installation scripts and run `npm ci` again, or install Node 24 from https://nodejs.org.',
  );
}

const path = [dirname(node), join(modules, '.bin'), process.env.PATH ?? ''].join(delimiter);
const result = spawnSync(node, ['--disable-warning=ExperimentalWarning', join(root, script), ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: path },
});
process.exit(result.status ?? 1);
