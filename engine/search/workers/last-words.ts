/** Why a worker process ended, in words: what the system says of it, and what the process itself said last. */

/** Of a process that runs out of memory V8 says so some forty lines of addresses before its end. */
const OUT_OF_MEMORY = /heap out of memory|out of memory|allocation failed|cannot allocate memory|ENOMEM/i;

const LESS_MEMORY = 'Search with fewer workers, write a smaller `batch`, or add a constraint on macs or ram.';

/**
 * @param doing what it was at, such as `during training`
 * @param output the end of what it wrote to its standard error
 */
export function explainDeath(
  { code, signal }: { readonly code: number | null; readonly signal: string | null },
  doing: string,
  output: string,
): string {
  const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by signal ${signal}`;
  const ended = `The worker process ended ${how} ${doing}.`;
  if (OUT_OF_MEMORY.test(output)) return `${ended} It ran out of memory. ${LESS_MEMORY}`;
  const last = lastWords(output);
  if (last !== undefined) return `${ended} Its last words: ${last}`;
  if (signal !== 'SIGKILL') return ended;
  return `${ended} Where nobody did that, the system did since memory ran out. ${LESS_MEMORY}`;
}

/** The line that names the error, without the stack and the version of Node that follow it. */
function lastWords(output: string): string | undefined {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(at |Node\.js v|\^|\}|node:internal)/.test(line));
  return lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1);
}
