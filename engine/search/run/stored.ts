/**
 * What the files of a run may hold. A run may come from anybody: whatever is read from one is held to a schema first,
 * so that nothing behind the door meets a value that no search writes.
 */

import { Ajv, type ValidateFunction } from 'ajv';

import { faultSentence } from '../../../device-profiles/fault-sentences.ts';
import { currentLine, currentRun } from './older.ts';
import dataSchema from './schema/data.schema.json' with { type: 'json' };
import journalSchema from './schema/journal.schema.json' with { type: 'json' };
import ownerSchema from './schema/owner.schema.json' with { type: 'json' };
import runSchema from './schema/run.schema.json' with { type: 'json' };
import weightsSchema from './schema/weights.schema.json' with { type: 'json' };

const schemas = {
  run: runSchema,
  data: dataSchema,
  journal: journalSchema,
  owner: ownerSchema,
  weights: weightsSchema,
};
/** Older forms, brought up to date before they are held to the schema. */
const current: Readonly<Partial<Record<keyof typeof schemas, (stored: unknown) => unknown>>> = {
  run: currentRun,
  journal: currentLine,
};
const compiled = new Map<keyof typeof schemas, ValidateFunction>();

export type Stored = { readonly value: unknown } | { readonly fault: string };

/**
 * Parses JSON and holds it to the schema.
 * @param place what a message calls the text as a whole
 * @returns the value, or a full sentence that says what is wrong with it
 */
export function parseStored(text: string, which: keyof typeof schemas, place = 'The file'): Stored {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { fault: `${place} is not valid JSON.` };
  }
  value = current[which]?.(value) ?? value;
  const validate = validatorOf(which);
  if (validate(value)) return { value };
  const [first] = validate.errors ?? [];
  return { fault: first === undefined ? `${place} is not as it should be.` : faultSentence(first, place) };
}

function validatorOf(which: keyof typeof schemas): ValidateFunction {
  let validate = compiled.get(which);
  if (validate === undefined) {
    validate = new Ajv({ discriminator: true, strictTypes: false, verbose: true }).compile(schemas[which]);
    compiled.set(which, validate);
  }
  return validate;
}
