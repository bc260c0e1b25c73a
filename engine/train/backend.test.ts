import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { build } from 'esbuild';

/** A backend is started once per process, so each case runs in one of its own. */
function inProcess(script: string): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    cwd: import.meta.dirname,
  });
}

const wasmDir = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));

describe('initBackend', () => {
  it('falls back to WebAssembly when tfjs-node is not installed', () => {
    const output = inProcess(`
      import { initBackend } from './backend.ts';
      const info = await initBackend({ importTensorFlow: async () => {
        throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
      } });
      console.log(JSON.stringify([info, await initBackend() === info]));
    `);
    const [info, same] = JSON.parse(output) as [Record<string, unknown>, boolean];
    assert.equal(info['name'], 'wasm');
    assert.equal(info['nativeKernels'], true);
    assert.ok(same);
  });

  it('falls back to WebAssembly when tfjs-node does not load', () => {
    const output = inProcess(`
      import { initBackend } from './backend.ts';
      const info = await initBackend({ importTensorFlow: async () => { throw new Error('libtensorflow.so.2: no such file'); } });
      console.log(info.name);
    `);
    assert.match(output, /^wasm$/m);
  });

  it('uses the backend that tfjs-node registers', () => {
    const output = inProcess(`
      import * as tf from '@tensorflow/tfjs-core';
      import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
      import { initBackend } from './backend.ts';
      const info = await initBackend({ importTensorFlow: async () => {
        tf.registerBackend('tensorflow', () => new MathBackendCPU());
      } });
      console.log(info.name, tf.getBackend());
    `);
    assert.match(output, /^tensorflow tensorflow$/m);
  });

  it('says that memory ran out instead of writing where there is none', () => {
    const output = inProcess(`
      import * as tf from '@tensorflow/tfjs-core';
      import { initBackend } from './backend.ts';
      await initBackend({ prefer: 'wasm' });
      const one = tf.tensor1d([1, 2, 3]);
      for (const size of [2 ** 30 - 1, 2 ** 30]) {
        try { tf.tile(one, [size]); } catch (error) { console.log(error.name, error.message); }
      }
      console.log(Array.from(tf.add(one, one).dataSync()).join());
    `);
    const words =
      'OutOfMemory Training ran out of memory \\(12288 MB wanted at once\\)\\. Write a smaller `batch`.*';
    assert.match(output, new RegExp(`^${words}\n${words}\n2,4,6\n$`));
  });

  it('names the missing file when the WebAssembly directory is wrong', () => {
    const output = inProcess(`
      import { initBackend } from './backend.ts';
      await initBackend({ prefer: 'wasm', wasmDir: '/nowhere' }).catch((error) => console.log(error.message));
    `);
    assert.match(output, /\/nowhere\/tfjs-backend-wasm-simd\.wasm is missing\. Reinstall/);
  });

  for (const format of ['cjs', 'esm'] as const) {
    it(`works bundled as ${format}, with the .wasm files elsewhere`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'nasturtium-bundle-'));
      try {
        const outfile = join(folder, format === 'cjs' ? 'bundle.cjs' : 'bundle.mjs');
        await build({
          stdin: {
            contents: `
              import { initBackend } from './backend.ts';
              initBackend({ wasmDir: ${JSON.stringify(join(folder, 'wasm'))} }).then((info) => console.log(info.name, info.nativeKernels));
            `,
            resolveDir: import.meta.dirname,
          },
          bundle: true,
          platform: 'node',
          format,
          outfile,
          logLevel: 'silent',
          define: format === 'cjs' ? { 'import.meta.url': '__importMetaUrl' } : {},
          banner: {
            js:
              format === 'cjs'
                ? "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;"
                : "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __filename = import.meta.filename; const __dirname = import.meta.dirname;",
          },
        });
        mkdirSync(join(folder, 'wasm'));
        for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'])
          copyFileSync(join(wasmDir, name), join(folder, 'wasm', name));
        const output = execFileSync(process.execPath, [outfile], { encoding: 'utf8', cwd: folder });
        assert.match(output, /^wasm true$/m);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
