/**
 * What earlier versions kept of a run, in the form of this one: at the door, before it is held to a schema, so that
 * nothing behind it knows of older forms. Values are moved, never made up; what is odd stays for the schema to refuse.
 *
 * - Schema 1 of run.json had the settings of the strategies as its own: `population` and `sample`.
 * - Version 0.1 journaled one accuracy, of whichever split had been looked at last.
 */

type Parts = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Parts =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Those that are there. JSON has no undefined. */
const present = (parts: Parts): Parts =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));

export function currentRun(stored: unknown): unknown {
  if (!isObject(stored) || stored['schema'] !== 1) return stored;
  const { population, sample, ...rest } = stored;
  return { ...rest, schema: 2, strategySettings: present({ population, sample }) };
}

export function currentLine(stored: unknown): unknown {
  if (!isObject(stored) || !isObject(stored['record'])) return stored;
  const { record } = stored;
  return { ...stored, record: { ...record, ...present({ result: currentResult(record['result']) }) } };
}

function currentResult(result: unknown): unknown {
  if (!isObject(result)) return result;
  const { accuracy, tested, validationAccuracy, floatAccuracy, ...rest } = result;
  if (typeof tested !== 'boolean') {
    const { validation, test } = result;
    return { ...result, ...present({ validation: numbersOf(validation), test: numbersOf(test) }) };
  }
  // Sizes of splits were not recorded: they stay unknown.
  const validation = numbersOf({ int8: validationAccuracy, float: tested ? undefined : floatAccuracy });
  return {
    ...rest,
    validation,
    ...(tested ? { test: numbersOf({ int8: accuracy, float: floatAccuracy }) } : {}),
  };
}

/** JSON has null for what was no number: where the network before quantisation gave none. */
const numbersOf = (accuracy: unknown): unknown =>
  isObject(accuracy) ? present({ ...accuracy, float: accuracy['float'] ?? undefined }) : accuracy;
