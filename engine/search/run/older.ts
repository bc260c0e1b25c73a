/**
 * What earlier versions kept of a run, in the form of this one: at the door, before it is held to a schema, so that
 * nothing behind it knows of older forms. Values are moved, never made up; what is odd stays for the schema to refuse.
 *
 * - Schema 1 of run.json had the settings of the strategies as its own, `population` and `sample`, and a mark on limits
 *   on the whole program; its journal named costs with their units.
 * - Version 0.1 journaled one accuracy, of whichever split had been looked at last.
 */

import type { CostMetric } from '../../space/metrics.ts';

type Parts = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Parts =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Those that are there. JSON has no undefined. */
const present = (parts: Parts): Parts =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));

export function currentRun(stored: unknown): unknown {
  if (!isObject(stored) || stored['schema'] !== 1) return stored;
  const { population, sample, constraints, ...rest } = stored;
  return {
    ...rest,
    schema: 2,
    strategySettings: present({ population, sample }),
    constraints: Array.isArray(constraints) ? constraints.map(currentLimit) : constraints,
  };
}

function currentLimit(limit: unknown): unknown {
  if (!isObject(limit)) return limit;
  const { total, metric, ...rest } = limit;
  return total === true
    ? { ...rest, metric: typeof metric === 'string' ? `${metric} total` : metric }
    : limit;
}

export function currentLine(stored: unknown): unknown {
  if (!isObject(stored) || !isObject(stored['record'])) return stored;
  const { record } = stored;
  const moved = { result: currentResult(record['result']), costs: currentCosts(record['costs']) };
  return { ...stored, record: { ...record, ...present(moved) } };
}

const namesOfCosts: Readonly<Record<string, CostMetric>> = {
  latencyMs: 'latency',
  ramBytes: 'ram',
  flashBytes: 'flash',
  energyUj: 'energy',
  ramTotalBytes: 'ram total',
  flashTotalBytes: 'flash total',
};

function currentCosts(costs: unknown): unknown {
  if (!isObject(costs)) return costs;
  const renamed = (cost: unknown): unknown =>
    isObject(cost)
      ? Object.fromEntries(Object.entries(cost).map(([name, value]) => [namesOfCosts[name] ?? name, value]))
      : cost;
  return Object.fromEntries(Object.entries(costs).map(([target, cost]) => [target, renamed(cost)]));
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
