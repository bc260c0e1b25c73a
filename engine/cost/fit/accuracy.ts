/**
 * `npm run accuracy`: writes `docs/accuracy.md` and its plots from the measurements in the project. With `--check`, writes
 * nothing and fails when one of them is not what the measurements give.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { accuracyPage } from './accuracy-page.ts';
import { accuracyPlots } from './accuracy-plots.ts';
import { gatherAccuracy } from './gather.ts';
import { measurementsFolder } from './read.ts';

const docs = path.join(measurementsFolder, '..', '..', 'docs');
const accuracy = gatherAccuracy();
const files = new Map([
  [path.join(docs, 'accuracy.md'), accuracyPage(accuracy)],
  ...[...accuracyPlots(accuracy)].map(([name, svg]) => [path.join(docs, 'accuracy', name), svg] as const),
]);

const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
if (values.check === true) {
  for (const [file, text] of files) {
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    console.error(`${path.relative(process.cwd(), file)} is stale: run npm run accuracy.`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(path.join(docs, 'accuracy'), { recursive: true });
  for (const [file, text] of files) writeFileSync(file, text);
  console.log(`Wrote ${path.relative(process.cwd(), docs)}/accuracy.md and ${files.size - 1} plots.`);
}
