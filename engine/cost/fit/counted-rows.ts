/** Measured rows with what their operators execute: the sessions of `device-profiles/measurements/sessions.json`. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import sessionFile from '../../../device-profiles/measurements/sessions.json' with { type: 'json' };
import type { ClassCounts } from '../../../device-profiles/types.ts';
import type { Network, Op, OpTemplate } from '../../space/network.ts';
import type { TensorSpec } from '../../operators/tensors.ts';
import { tensorOf } from '../assemble.ts';
import { compiledTarget, pathOf, type CompiledTarget } from '../compile.ts';
import { onlyMoves } from '../moving-operators.ts';
import { sumsOf } from '../form.ts';
import { measureQuantities } from '../quantities.ts';
import { resolveTarget, shippedProfiles } from '../resolve.ts';
import { measuredLayer, measuredOps, type LayerRow, type MeasuredRow } from './observations.ts';
import { measurementsFolder, networkIn } from './read.ts';

/** Rows of one board, measured with one build. */
export interface Session {
  readonly board: string;
  /** What was measured, where it is another board with the core: nothing is written for it. */
  readonly hardware?: string;
  readonly runtime: string;
  readonly version: string;
  readonly flags: string;
  readonly build: string;
  /** Patterns by column; `file` names the table. */
  readonly rows: Readonly<Record<string, string>> & { readonly file: string };
  readonly outside?: boolean;
  /** With these flags the board takes another pace. */
  readonly ownPace?: boolean;
  /** Its build is none that was counted: it says nothing of the core. */
  readonly apart?: boolean;
}

export const sessions: readonly Session[] = sessionFile.sessions;

/** What one pace is fitted to: a board with a runtime, and with flags that have a pace of their own. */
export const setupKey = ({ board, hardware, runtime, flags, ownPace }: Session): string =>
  `${hardware ?? board} ${runtime}${ownPace === true ? flags : ''}`;

/** One measurement, and what was executed while it was taken. */
export interface CountedRow {
  readonly label: string;
  /** A network or a layer's width: what is left out together. */
  readonly group: string;
  /** The file of a session of single layers. */
  readonly sitting: string;
  readonly session: Session;
  readonly core: string;
  /** Flash is read through a cache. */
  readonly isCached: boolean;
  readonly kind: 'network' | 'operators' | 'layer';
  readonly cycles: number;
  /** By kernel: instructions, loads, branches. */
  readonly kernels: ReadonlyMap<string, ClassCounts>;
  readonly streamedWeights: number;
  readonly operators: number;
  readonly inferences: number;
}

interface Operator {
  readonly op: OpTemplate;
  readonly inputs: readonly TensorSpec[];
  readonly output: TensorSpec;
}

/** What the operators of a network execute; `undefined` where one of them was not counted. */
export function executeNetwork(
  compiled: CompiledTarget,
  network: Network,
): Pick<CountedRow, 'kernels' | 'streamedWeights' | 'operators'> | undefined {
  return execute(compiled, placedIn(network, network.ops));
}

function execute(
  compiled: CompiledTarget,
  operators: readonly Operator[],
): Pick<CountedRow, 'kernels' | 'streamedWeights' | 'operators'> | undefined {
  const kernels = new Map<string, ClassCounts>();
  let streamedWeights = 0;
  let count = 0;
  for (const { op, inputs, output } of operators) {
    const formats = { input: inputs[0]?.dtype ?? 'int8', output: output.dtype };
    const shapes = inputs.map(({ shape }) => shape);
    const quantities = measureQuantities(op, shapes, output.shape, formats);
    const found = pathOf(compiled, op, quantities);
    count += 1;
    if (found?.form === undefined) {
      // What only moves a little data is no more than its call.
      const isCopy = quantities.macs === 0 && quantities.inputs === quantities.outputs;
      if (isCopy || (op.kind === 'other' && onlyMoves(op))) continue;
      return undefined;
    }
    const [instructions, loads, branches] = sumsOf(found.form);
    const known = kernels.get(found.path.family) ?? [0, 0, 0];
    kernels.set(found.path.family, [
      known[0] + instructions(quantities),
      known[1] + loads(quantities),
      known[2] + branches(quantities),
    ]);
    streamedWeights += quantities.streamedWeights;
  }
  return { kernels, streamedWeights, operators: count };
}

function compiledFor({ board, runtime, version, flags }: Session): CompiledTarget {
  const found = resolveTarget(shippedProfiles, { board, runtime: `${runtime} ${version}`, flags });
  if ('problem' in found) throw new Error(`sessions.json: ${found.problem.message}`);
  return compiledTarget(found.target);
}

function placedIn(network: Network, ops: readonly Op[]): readonly Operator[] {
  return ops.map((op) => ({
    op,
    inputs: op.inputs.map((id) => tensorOf(network, id)),
    output: tensorOf(network, op.output),
  }));
}

/**
 * The rows of a session. @param folder holds `measurements/` and `networks/` of what is not in the project; a session
 * whose rows lie there has none without it
 */
export function rowsOf(session: Session, folder: string | undefined): readonly CountedRow[] {
  const { file, ...patterns } = session.rows;
  if (session.outside === true && folder === undefined) return [];
  const inside = session.outside === true ? path.join(folder ?? '', 'measurements') : measurementsFolder;
  const all: Readonly<Record<string, string>>[] = parse(readFileSync(path.join(inside, file)), {
    columns: true,
  });
  const tests = Object.entries(patterns).map(([column, pattern]) => [column, new RegExp(pattern)] as const);
  const compiled = compiledFor(session);
  const { core, features } = compiled.target.board;
  const isCached = features.includes('cache');
  return all
    .filter((row) => tests.every(([column, pattern]) => pattern.test(row[column] ?? '')))
    .flatMap((row) => {
      const found =
        'cycles_op' in row
          ? layerOf(row as unknown as LayerRow)
          : networkOf(row as unknown as MeasuredRow, session.outside === true ? folder : undefined);
      const executed = found && execute(compiled, found.run);
      return found === undefined || executed === undefined
        ? []
        : [{ ...found.about, ...executed, session, core, isCached }];
    });
}

interface Found {
  readonly about: Pick<CountedRow, 'label' | 'group' | 'sitting' | 'kind' | 'cycles' | 'inferences'>;
  readonly run: readonly Operator[];
}

function layerOf(row: LayerRow): Found | undefined {
  const layer = measuredLayer(row);
  const about = `${row.op} ${row.k_h}x${row.k_w} ${row.in_h}x${row.in_w}x${row.in_c} -> ${row.out_c}`;
  return (
    layer && {
      about: {
        label: about,
        group: `width ${row.out_c}`,
        sitting: row.session_file,
        kind: 'layer',
        cycles: Number(row.cycles_op),
        inferences: 0,
      },
      run: [layer],
    }
  );
}

function networkOf(row: MeasuredRow, folder = measurementsFolder): Found | undefined {
  const cycles = Number(row.cycles);
  const network = networkIn(folder, row.model_json);
  const run = placedIn(network, measuredOps(row, network));
  if (run.length === 0 || !(cycles > 0)) return undefined;
  const isWhole = row.kind === 'e2e';
  return {
    about: {
      label: row.model_or_layer,
      group: row.model_json,
      sitting: row.source,
      kind: isWhole ? 'network' : 'operators',
      cycles,
      inferences: isWhole ? 1 : 0,
    },
    run,
  };
}
