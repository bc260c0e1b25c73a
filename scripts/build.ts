/**
 * Bundles the extension into `dist/`: what VS Code, the language server, the command line and the views
 * run. One file each, minified, without source maps unless `--sourcemap` asks for them.
 */

import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { completionSchema, type Schema } from '../device-profiles/completion-schema.ts';

export const root = resolve(import.meta.dirname, '..');

/** VS Code 1.110, the oldest version the manifest allows, runs extensions on Node 22. */
const nodeTarget = 'node22';

/** CommonJS dependencies in an ES module bundle still ask for these. */
const commonJsNames = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __fileURLToPath } from 'node:url';",
  "import { dirname as __pathDirname } from 'node:path';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __fileURLToPath(import.meta.url);',
  'const __dirname = __pathDirname(__filename);',
].join('\n');

/** The kernels of all builds are long, and few of them are asked for: a bundle holds their text, which costs no start. */
export const kernelsAsText: Plugin = {
  name: 'kernels as text',
  setup(bundler) {
    bundler.onLoad({ filter: /device-profiles[\\/]kernels[\\/][^\\/]*\.json$/ }, async ({ path }) => ({
      contents: JSON.stringify(JSON.parse(await readFile(path, 'utf8'))),
      loader: 'text',
    }));
  },
};

interface Bundle {
  readonly entry: string;
  /** Path below `dist/`. */
  readonly output: string;
  readonly options: BuildOptions;
}

const commonJs: BuildOptions = { format: 'cjs', platform: 'node', target: nodeTarget, external: ['vscode'] };
const esModule: BuildOptions = {
  format: 'esm',
  platform: 'node',
  target: nodeTarget,
  banner: { js: commonJsNames },
  // Native and optional: used when a person has installed it, never shipped.
  external: ['@tensorflow/tfjs-node'],
  // The native part of `usb`, for the platform on which the bundle is made: beside it, under its own name.
  loader: { '.node': 'copy' },
  assetNames: '[name]',
};
const webPage: BuildOptions = { format: 'iife', platform: 'browser', target: 'chrome138' };

/** The script that VS Code starts, which runs the other. */
const serverBundles: readonly Bundle[] = [
  { entry: 'server/start.ts', output: 'server.cjs', options: commonJs },
  { entry: 'server/main.ts', output: 'language-server.cjs', options: commonJs },
];

const bundles: readonly Bundle[] = [
  { entry: 'client/extension.ts', output: 'extension.cjs', options: commonJs },
  ...serverBundles,
  { entry: 'cli/main.ts', output: 'cli/main.js', options: esModule },
  { entry: 'engine/search/workers/worker.ts', output: 'cli/worker.js', options: esModule },
  { entry: 'client/webview/front/main.ts', output: 'webview/front.js', options: webPage },
  { entry: 'client/webview/cost/main.ts', output: 'webview/cost.js', options: webPage },
];

/** The kernels of the wasm backend, which tfjs loads at run time from beside the bundle; each worker has one thread. */
async function wasmKernels(): Promise<string[]> {
  const folder = join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/wasm-out');
  return (await readdir(folder))
    .filter((name) => name.endsWith('.wasm') && !name.includes('threaded'))
    .map((name) => join(folder, name));
}

async function copyInto(folder: string, files: readonly string[]): Promise<void> {
  await mkdir(join(root, folder), { recursive: true });
  await Promise.all(files.map((file) => copyFile(file, join(root, folder, basename(file)))));
}

/** Boards and runtimes of a workspace are checked by the language server; VS Code completes and explains them. */
async function completionSchemas(): Promise<void> {
  await mkdir(join(root, 'dist/schema'), { recursive: true });
  for (const kind of ['board', 'runtime']) {
    const text = await readFile(join(root, `device-profiles/schema/${kind}.schema.json`), 'utf8');
    const schema = completionSchema(JSON.parse(text) as Schema);
    await writeFile(join(root, `dist/schema/${kind}.json`), JSON.stringify(schema));
  }
}

async function bundle(list: readonly Bundle[], folder: string, sourcemap: boolean): Promise<void> {
  await Promise.all(
    list.map(({ entry, output, options }) =>
      build({
        ...options,
        absWorkingDir: root,
        entryPoints: [entry],
        outfile: join(folder, output),
        bundle: true,
        minify: true,
        plugins: [kernelsAsText],
        legalComments: 'linked',
        sourcemap: sourcemap ? 'linked' : false,
        logLevel: 'warning',
      }),
    ),
  );
}

/** Bundles the language server alone; gives the path of the script that VS Code starts. */
export async function buildServer(folder: string): Promise<string> {
  await bundle(serverBundles, folder, false);
  return join(root, folder, 'server.cjs');
}

export async function buildAll(sourcemap = false): Promise<void> {
  await rm(join(root, 'dist'), { recursive: true, force: true });
  await bundle(bundles, 'dist', sourcemap);
  const styles = ['shared.css', 'front/front.css', 'cost/cost.css'];
  await copyInto(
    'dist/webview',
    styles.map((style) => join(root, 'client/webview', style)),
  );
  await copyInto('dist/cli', await wasmKernels());
  await completionSchemas();
}

if (process.argv[1] !== undefined && basename(process.argv[1]) === 'build.ts') {
  await buildAll(process.argv.includes('--sourcemap'));
}
