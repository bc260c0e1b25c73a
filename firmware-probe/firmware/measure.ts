/**
 * `node firmware-probe/firmware/measure.ts [core...]`: the table of docs/kernels.md, instructions of the kernels and, in
 * brackets, as a share of those of CMSIS-NN.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, machines, type Core } from './build.ts';
import { runEmulated } from './run.ts';
import { barCase, bars, type Bar } from './testing/bars.ts';

const folder = mkdtempSync(join(tmpdir(), 'nasturtium-kernels-'));
const asked = process.argv.slice(2);
const cores = (Object.keys(machines) as Core[]).filter((core) => asked.length === 0 || asked.includes(core));

const results = cores.map((core) =>
  runEmulated(
    core,
    buildImage(core, folder),
    bars.map((bar) => barCase(bar, 10)),
  ),
);
rmSync(folder, { recursive: true });

/** Of CMSIS-NN, where it was counted on that core. */
const barOf = ({ instructions }: Bar, core: Core): number | undefined =>
  (instructions as Partial<Record<Core, number>>)[core];

const shares = cores.map((core, c) =>
  bars.map((bar, i) => (results[c]?.[i]?.instructions ?? NaN) / (barOf(bar, core) ?? NaN)),
);
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const share = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '' : ` (${value.toFixed(2)})`;

console.log(row(['layer', ...cores]));
console.log(row(['---', ...cores.map(() => '---:')]));
bars.forEach(({ name, checksum }, i) => {
  const cells = cores.map((_, c) => {
    const result = results[c]?.[i];
    if (result?.checksum !== checksum) return 'wrong';
    return `${result.instructions}${share(shares[c]?.[i])}`;
  });
  console.log(row([name, ...cells]));
});
const means = shares.map((each) => Math.exp(each.reduce((sum, x) => sum + Math.log(x), 0) / each.length));
console.log(row(['geometric mean', ...means.map((mean) => share(mean).trim())]));
