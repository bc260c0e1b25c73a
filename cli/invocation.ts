/** How the person who reads a message calls this program, so that the commands in messages work as typed. */

import path from 'node:path';

export interface Started {
  /** `process.argv[1]` */
  readonly script: string;
  readonly cwd: string;
  /** `process.env` */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The words before a subcommand. */
export function programWords({ script, cwd, env }: Started): string {
  if (env['npm_lifecycle_event'] === 'nasturtium') return 'npm run -s nasturtium --';
  if (env['npm_command'] === 'exec') return 'npx nasturtium';
  // The link that npm makes for an installed program has no ending; within a test nothing is typed at all.
  if (!/^main\.[jt]s$/.test(path.basename(script))) return 'nasturtium';
  const relative = path.relative(cwd, script);
  const shown = relative.startsWith('..') || relative === '' ? script : relative;
  return `node ${/\s/.test(shown) ? JSON.stringify(shown) : shown}`;
}

/** A command as it can be typed where this process was started, e.g. `npx nasturtium boards`. */
export function asTyped(rest: string): string {
  const words = programWords({
    script: process.argv[1] ?? 'nasturtium',
    cwd: process.cwd(),
    env: process.env,
  });
  return `${words} ${rest}`;
}
