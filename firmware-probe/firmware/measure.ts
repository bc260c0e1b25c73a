/** `node firmware-probe/firmware/measure.ts [core...]`: instructions of the kernels beside those of CMSIS-NN. */

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, type Core } from './build.ts';
import { runEmulated } from './run.ts';
import { barCase, bars } from './testing/bars.ts';

const folder = join(tmpdir(), `nasturtium-kernels-${String(process.pid)}`);
const cores = process.argv.slice(2) as Core[];
for (const core of cores.length > 0 ? cores : (['m3', 'm4', 'm33', 'm55', 'm0plus'] as const)) {
  const image = buildImage(core, join(folder, core));
  const results = runEmulated(
    core,
    image,
    bars.map((bar) => barCase(bar, 10)),
  );
  let logs = 0;
  bars.forEach((bar, i) => {
    const { instructions = NaN, checksum, scratchBytes } = results[i] ?? {};
    const other = core === 'm0plus' ? bar.instructions.m3 : bar.instructions[core];
    logs += Math.log(instructions / other);
    const mark = checksum === bar.checksum ? '' : ` WRONG ${checksum ?? ''}`;
    console.log(
      `${core} ${bar.name.padEnd(20)} ${String(instructions).padStart(8)} ${String(other).padStart(8)} ${(instructions / other).toFixed(2)} scratch ${String(scratchBytes)}${mark}`,
    );
  });
  console.log(`${core} geometric mean ${Math.exp(logs / bars.length).toFixed(3)}`);
}
