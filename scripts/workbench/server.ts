/** Starts and stops the workbench server, with an extension installed into it. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { installWorkbench, serverEntry } from './install.ts';

export interface WorkbenchOptions {
  /** Where the server keeps settings and extensions; created if needed. */
  readonly userFolder: string;
  /** The packaged extension to install. */
  readonly vsix: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Whether a folder has to be trusted first, as in a desktop VS Code. */
  readonly workspaceTrust: boolean;
}

export interface Workbench {
  readonly host: string;
  /** The address that opens a folder, and a file in it at once. */
  url(folder: string, file?: string): string;
  readonly process: ChildProcess;
  stop(): void;
}

/** No network but this machine, no telemetry, no marketplace. */
const environment = { ...process.env, EXTENSIONS_GALLERY: '{}' };

/** How long a server may take to answer. It takes 1 to 2 s; a loaded machine more. */
const startLimitMs = 300_000;

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.on('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === 'object') done(address.port);
        else fail(new Error('No free port was found on 127.0.0.1.'));
      });
    });
  });
}

export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  await installWorkbench();
  const folders = [
    '--user-data-dir',
    join(options.userFolder, 'data'),
    '--extensions-dir',
    join(options.userFolder, 'extensions'),
  ];
  const settingsFolder = join(options.userFolder, 'data/User');
  await mkdir(settingsFolder, { recursive: true });
  await writeFile(join(settingsFolder, 'settings.json'), JSON.stringify(options.settings, null, 2)).catch(
    () => undefined,
  );

  const install = spawnSync(
    process.execPath,
    [serverEntry, ...folders, '--install-extension', options.vsix, '--force'],
    { env: environment, encoding: 'utf8' },
  );
  if (install.status !== 0) {
    throw new Error(`The extension could not be installed:\n${install.stdout}${install.stderr}`);
  }

  const port = await freePort();
  const host = `127.0.0.1:${port}`;
  const child = spawn(
    process.execPath,
    [
      serverEntry,
      ...['--bind-addr', host, '--auth', 'none', '--config', join(options.userFolder, 'config.yaml')],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
      ...folders,
    ],
    // A group of its own, so that stopping takes the extension host and its children along.
    { env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' },
  );
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));

  const stop = (): void => {
    if (child.pid === undefined || child.exitCode !== null) return;
    try {
      if (process.platform === 'win32') child.kill();
      else process.kill(-child.pid, 'SIGTERM');
    } catch {
      // It has ended by itself in the meantime.
    }
  };
  process.once('exit', stop);

  const limit = Date.now() + startLimitMs;
  for (;;) {
    const answers = await fetch(`http://${host}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (answers) break;
    if (child.exitCode !== null || Date.now() > limit) {
      stop();
      throw new Error(`The workbench did not start:\n${output}`);
    }
    await new Promise((later) => setTimeout(later, 100));
  }

  return {
    host,
    process: child,
    stop,
    url(folder, file) {
      const query = new URLSearchParams({ folder });
      if (file !== undefined) {
        query.set('payload', JSON.stringify([['openFile', `vscode-remote://${host}${file}`]]));
      }
      return `http://${host}/?${query.toString()}`;
    },
  };
}
