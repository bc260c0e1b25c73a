/**
 * The grammar as railroad diagrams, from the parser itself: `docs/railroad.html`. Everything the page needs is
 * in it, so that it opens without a network. `UPDATE_SNAPSHOTS=1 node --test grammar/railroad.test.ts` writes it.
 */

import { createSyntaxDiagramsCode } from 'chevrotain';
import { NasParser } from '../parser.ts';

type Rules = ReturnType<NasParser['getSerializedGastProductions']>;

interface Production {
  readonly type: string;
  readonly name?: string;
  readonly definition?: readonly Production[];
}

/** The rules of the grammar as Chevrotain serialises them, from the whole file down to a single value. */
export function serializedGrammar(): Rules {
  const rules = new Map(
    new NasParser(true)
      .getSerializedGastProductions()
      .map((rule) => [(rule as { name?: string }).name, rule]),
  );
  const ordered = new Set<Rules[number]>();
  const waiting: (string | undefined)[] = ['file'];
  const follow = (production: Production): void => {
    if (production.type === 'NonTerminal') waiting.push(production.name);
    production.definition?.forEach(follow);
  };
  for (const name of waiting) {
    const rule = rules.get(name);
    if (rule === undefined || ordered.has(rule)) continue;
    ordered.add(rule);
    (rule as Production).definition?.forEach(follow);
  }
  return [...ordered];
}

/** Scripts of the chevrotain package that draw the diagrams, in the order in which the page needs them. */
export const drawingScripts = [
  'diagrams/vendor/railroad-diagrams.js',
  'diagrams/src/diagrams_builder.js',
  'diagrams/src/diagrams_behavior.js',
  'diagrams/src/main.js',
] as const;
export const drawingStyle = 'diagrams/diagrams.css';

/** The page, with the texts of {@link drawingScripts} and {@link drawingStyle} in it. */
export function railroadPage(scripts: readonly string[], style: string): string {
  const embedded = scripts.map((text) => `<script>\n${text.trim()}\n</script>`).join('\n');
  const page = createSyntaxDiagramsCode(serializedGrammar());
  return page
    .replace(/<!-- This is a generated file -->\s*/, '')
    .replace('<meta charset="utf-8">', '<meta charset="utf-8">\n<title>The .nas language</title>')
    .replace(/<link[^>]*>/, () => `<style>\n${style.trim()}\n</style>`)
    .replace(/(?:\s*<script src=[^>]*><\/script>)+/, () => `\n${embedded}`)
    .replace(/[ \t]+$/gm, '')
    .trimStart();
}
