/** Programs that tests of the probe need and npm cannot bring. Without one, the tests that need it are skipped by name. */

import { spawnSync } from 'node:child_process';

/** What `skip` of a test takes: why it cannot run here, or `false`. */
export function skipWithout(...programs: readonly string[]): string | false {
  const missing = programs.filter((name) => spawnSync(name, ['--version']).error !== undefined);
  return missing.length === 0 ? false : `${missing.join(' and ')} not installed`;
}
