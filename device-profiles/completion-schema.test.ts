import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { completionSchema, type Schema } from './completion-schema.ts';
import { boards, runtimes } from './index.ts';
import boardSchema from './schema/board.schema.json' with { type: 'json' };
import runtimeSchema from './schema/runtime.schema.json' with { type: 'json' };

/** Every description and proposal in a schema, with where it stands. */
function explained(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => {
    const at = `${path}/${key === 'oneOf' ? 'anyOf' : key}`;
    if (key === 'description' && typeof value === 'string') return [`${at}: ${value}`];
    return key === 'if' || key === 'then' ? [] : explained(value, at);
  });
}

for (const [name, schema, whole] of [
  ['boards', boardSchema, boards],
  ['runtimes', runtimeSchema, runtimes],
] as const) {
  test(`what completes ${name} finds no fault, whatever stands there`, () => {
    const validate = new Ajv({ strict: false }).compile(completionSchema(schema));
    fc.assert(fc.property(fc.jsonValue(), (value) => validate(value)));
    // Faults deep inside, where random values do not come: each value of a whole file replaced in turn.
    const spoil = (value: unknown): unknown => {
      if (Array.isArray(value)) return [...value.map((each: unknown) => spoil(each)), 0];
      if (typeof value !== 'object' || value === null) return [{ spoilt: value }];
      return {
        ...Object.fromEntries(Object.entries(value).map(([key, each]) => [key, spoil(each)])),
        new: 1,
      };
    };
    for (const entry of whole) assert.ok(validate(spoil(entry)), entry.id);
  });

  test(`what completes ${name} explains all that the schema explains`, () => {
    const expected = explained(schema);
    assert.ok(expected.length > 30);
    assert.deepEqual(explained(completionSchema(schema)), expected);
  });
}

test('allowed values and names become proposals, and members and lists get their brackets', () => {
  const schema: Schema = {
    definitions: { name: { enum: ['macs'] } },
    properties: {
      level: { enum: ['fast', 'slow'] },
      list: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^a' } },
      terms: { propertyNames: { $ref: '#/definitions/name' }, additionalProperties: { type: 'number' } },
      remedy: { oneOf: [{ properties: { kind: { const: 'x' } }, additionalProperties: false }] },
    },
    required: ['level'],
    if: { required: ['list'] },
    then: { required: ['remedy'] },
  };
  assert.deepEqual(completionSchema(schema), {
    definitions: { name: { examples: ['macs'] } },
    properties: {
      level: { examples: ['fast', 'slow'] },
      list: {
        items: { defaultSnippets: [{ label: '""', body: '$1' }] },
        defaultSnippets: [{ label: '[]', body: '^[$1]' }],
      },
      terms: { properties: { macs: {} }, additionalProperties: {} },
      remedy: { anyOf: [{ properties: { kind: { examples: ['x'] } } }] },
    },
  });
});
