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
  return `node ${shellWord(shown)}`;
}

/**
 * A path or another text as one word of a command: as it is where a shell leaves it alone, else in quotes. Those of Windows
 * are for PowerShell and cmd alike, so that what only one of them reads (`%NAME%`, a grave accent) is left as it is.
 */
export function shellWord(text: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return /^[\w:.,+@\\/-]+$/.test(text) ? text : `"${text.replace(/"/g, '')}"`;
  return /^[\w:.,+@%/-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}

/** A command as it can be typed where this process was started, e.g. `npx nasturtium boards`; what is filled in is one word. */
export function typed(words: TemplateStringsArray, ...filled: readonly string[]): string {
  return asTyped(String.raw({ raw: words }, ...filled.map((text) => shellWord(text))));
}

/** The same for a text without anything of others in it. */
export function asTyped(rest: string): string {
  const words = programWords({
    script: process.argv[1] ?? 'nasturtium',
    cwd: process.cwd(),
    env: process.env,
  });
  return `${words} ${rest}`;
}
