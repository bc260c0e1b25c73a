/**
 * `npm start`: from the sources to the running extension with the example open, in the desktop VS Code if there
 * is one, else in an embedded workbench in the browser.
 */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { root } from './build.ts';
import { packageExtension, vsixFile } from './package.ts';
import { chromium, find } from './system-packages.ts';
import { workbenchFolder } from './workbench/install.ts';
import { startWorkbench } from './workbench/server.ts';
import { quietSettings } from './workbench/settings.ts';

const folder = join(root, 'examples');
const example = join(folder, 'fashion-mnist.nas');

function desktopCode(): string | undefined {
  const names = process.platform === 'win32' ? ['code.cmd'] : ['code', 'code-insiders', 'codium'];
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((place) => names.map((name) => join(place, name)))
    .find((path) => existsSync(path));
}

/** Opens an address the way this system does; a machine without a desktop has only the printed line. */
function openBrowser(url: string): void {
  const openers: readonly (readonly [string, readonly string[]])[] =
    process.platform === 'darwin'
      ? [['open', [url]]]
      : process.platform === 'win32'
        ? [['explorer', [url]]]
        : [
            ['xdg-open', [url]],
            [find(chromium) ?? 'chromium', ['--new-window', url]],
          ];
  if (process.platform === 'linux' && !('DISPLAY' in process.env) && !('WAYLAND_DISPLAY' in process.env))
    return;
  const [first, ...rest] = openers;
  if (first === undefined) return;
  const child = spawn(first[0], first[1], { stdio: 'ignore', detached: true });
  child.on('error', () => {
    const next = rest[0];
    if (next !== undefined)
      spawn(next[0], next[1], { stdio: 'ignore', detached: true }).on('error', () => undefined);
  });
  child.unref();
}

async function startInBrowser(): Promise<void> {
  const workbench = await startWorkbench({
    userFolder: join(workbenchFolder, 'user'),
    vsix: vsixFile,
    settings: quietSettings,
    // The only folder it opens is this clone, whose scripts have just been run.
    workspaceTrust: false,
  });
  const url = workbench.url(folder, example);
  console.log(`\nNasturtium runs at ${url}\nPress Ctrl+C to stop it.`);
  if (!process.argv.includes('--no-browser')) openBrowser(url);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      workbench.stop();
      process.exit(0);
    });
  }
  workbench.process.on('exit', (code) => {
    console.error('The workbench has ended.');
    process.exit(code ?? 1);
  });
}

console.log('Building and packaging the extension.');
await packageExtension();
const code = desktopCode();
if (code !== undefined && !process.argv.includes('--browser')) {
  const shell = process.platform === 'win32';
  const install = spawnSync(code, ['--install-extension', vsixFile, '--force'], { stdio: 'inherit', shell });
  if (install.status !== 0)
    throw new Error('VS Code could not install the extension: see its messages above.');
  spawnSync(code, ['--new-window', folder, '--goto', example], { stdio: 'inherit', shell });
  console.log(`Opened ${example} in VS Code with the extension installed.`);
} else {
  await startInBrowser();
}
