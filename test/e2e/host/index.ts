/** The entry that the workbench calls inside its extension host. */

import { results, runAll } from './suite.ts';
import './language.ts';
import './commands.ts';
import './cost-view.ts';
import './profiles.ts';
import './search.ts';

/** Must be the text that test/e2e/host-tests.ts looks for. */
const reportMark = 'NASTURTIUM-HOST-TEST ';

export async function run(): Promise<void> {
  await runAll((result) => console.log(reportMark + JSON.stringify(result)));
  const failed = results.filter(({ error }) => error !== undefined).length;
  if (failed > 0) throw new Error(`${failed} tests failed.`);
}
