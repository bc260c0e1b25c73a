/**
 * The schemas as an editor completes and explains by them, without checking. An editor that runs our language server
 * would else say each fault twice: in the words of its own schema check, and in ours, which say what to do.
 */

/** A JSON schema, draft 7, as far as ours go. */
export type Schema = { readonly [keyword: string]: unknown };

/** What explains, and leads to the schema of a part; everything else is a test. */
const kept = new Set(['$schema', '$ref', 'title', 'description', 'examples']);

/** What an editor writes for a value of a type, with the cursor at `$1`; `^` says that it is no JSON string. */
const templates: Readonly<Record<string, object>> = {
  object: { label: '{}', body: '^{$1}' },
  array: { label: '[]', body: '^[$1]' },
  string: { label: '""', body: '$1' },
};

/** The same descriptions, members and proposals; every JSON value is valid by it. */
export function completionSchema(schema: Schema): Schema {
  return lenient(schema, schema);
}

function lenient(schema: Schema, root: Schema): Schema {
  const answer: Record<string, unknown> = {};
  const of = (part: unknown): Schema => lenient(part as Schema, root);
  const ofEach = (parts: unknown): Schema =>
    Object.fromEntries(Object.entries(parts as Schema).map(([name, part]) => [name, of(part)]));
  for (const [keyword, value] of Object.entries(schema)) {
    if (kept.has(keyword)) answer[keyword] = value;
    else if (keyword === 'enum') answer['examples'] = value;
    else if (keyword === 'const') answer['examples'] = [value];
    else if (keyword === 'oneOf') answer['anyOf'] = (value as readonly unknown[]).map(of);
    else if (keyword === 'properties' || keyword === 'definitions') answer[keyword] = ofEach(value);
    else if (keyword === 'propertyNames') answer['properties'] = members(value as Schema, root);
    else if ((keyword === 'items' || keyword === 'additionalProperties') && typeof value === 'object') {
      answer[keyword] = of(value);
    }
  }
  const template = templates[String(schema['type'])];
  if (template !== undefined && answer['examples'] === undefined) answer['defaultSnippets'] = [template];
  return answer;
}

/** Names that members may have, as members. */
function members(names: Schema, root: Schema): Schema {
  const definition = /^#\/definitions\/(\w+)$/.exec(String(names['$ref']))?.[1];
  const definitions = root['definitions'] as Readonly<Record<string, Schema>> | undefined;
  const allowed = (definition === undefined ? names : definitions?.[definition])?.['enum'];
  return Object.fromEntries(((allowed ?? []) as readonly string[]).map((name) => [name, {}]));
}
