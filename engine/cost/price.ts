/** The one way in which a cost is computed: the hover, the search, the command line and the report all end here. */

import type { Network, Op } from '../space/network.ts';
import { assemble, bytesOf, tensorOf } from './assemble.ts';
import { compiledTarget, type CompiledTarget } from './compile.ts';
import { InterpreterSums, interpreterBytes, neededBytes } from './interpreter.ts';
import { Workspace } from './layout.ts';
import { liveBytes } from './live.ts';
import { priceOperator, type OperatorFigures } from './operator.ts';
import { placeArena } from './placement.ts';
import type { Target } from './target.ts';
import type { ArenaBuffer, Estimate, MemoryPlan, NetworkCost, OpCost } from './types.ts';

/** The arena of a model of several graphs, the one that runs first at the front, for a plan of `head` bytes. */
export function arenaOfGraphs(target: Target, graphs: readonly MemoryPlan[], head: number): Estimate {
  const { data } = compiledTarget(target).memory;
  const sums = new InterpreterSums();
  for (const [index, { interpreter }] of graphs.entries()) sums.join(interpreter, index === 0);
  const bytes = interpreterBytes(data, sums);
  const value = neededBytes(data, sums, bytes, head);
  const error = bytes.tail * data.error;
  return { value, low: value - error, high: value + error };
}

/** Prices one operator in its place in a network. */
export function figuresIn(compiled: CompiledTarget, network: Network, op: Op): OperatorFigures {
  const inputs = op.inputs.map((id) => tensorOf(network, id));
  const output = tensorOf(network, op.output);
  return priceOperator(
    compiled,
    op,
    inputs.map((tensor) => tensor.shape),
    output.shape,
    { input: inputs[0]?.dtype ?? output.dtype, output: output.dtype },
  );
}

/**
 * Prices a network on a target: per operator and in total MACs, parameters, latency (ms), arena (bytes), model
 * file (bytes) and energy (uJ), each with its interval and origin. What no data supports is `undefined`.
 */
export function price(network: Network, target: Target): NetworkCost {
  const compiled = compiledTarget(target);
  const figures = network.ops.map((op) => figuresIn(compiled, network, op));
  const work = new Workspace(compiled);
  const owners = { tensor: [] as number[], op: [] as number[], bytes: [] as number[] };
  const inputBytes = (id: number): number => bytesOf(tensorOf(network, id));
  const assembled = assemble(compiled, network, figures, inputBytes, work, owners);
  const { headBytes, tailBytes, keptBytes, interpreter, total, patches } = assembled;
  const { planner } = work;

  const nameOf = (index: number): string => network.ops.find((op) => op.index === index)?.name ?? 'input';
  const needs = patches?.figures ?? figures;
  const buffers: ArenaBuffer[] = owners.tensor.map((tensor, index) => {
    const op = owners.op[index] ?? -1;
    const isScratch = tensor < 0;
    const over = planner.overOf(index);
    const wholeBytes = isScratch ? 0 : bytesOf(tensorOf(network, tensor));
    const need = needs[op];
    const extent = isScratch || op === patches?.schedule.lastOp ? undefined : patches?.extents[op];
    return {
      kind: isScratch ? 'scratch' : 'activation',
      name: nameOf(op),
      tensor: isScratch ? undefined : tensor,
      op,
      bytes: owners.bytes[index] ?? 0,
      offset: planner.offset[index] ?? 0,
      firstUse: planner.first[index] ?? 0,
      lastUse: planner.last[index] ?? 0,
      inPlaceOf: over < 0 ? undefined : over,
      patch:
        extent === undefined || need === undefined
          ? undefined
          : {
              height: extent.height,
              width: extent.width,
              channels: need.quantities.outputChannels,
              wholeBytes,
            },
    };
  });
  const lastOp = Math.max(0, network.ops.length - 1);
  const { alignment } = target.runtime.memory;
  const plannedBytes = work.pools.reduce(
    (rest, bytes) => rest - Math.ceil(bytes / alignment) * alignment,
    headBytes,
  );
  let shared = plannedBytes;
  for (const bytes of work.pools) {
    if (bytes === 0) continue;
    buffers.push({
      kind: 'scratch',
      name: 'shared by all kernels',
      tensor: undefined,
      op: -1,
      bytes,
      offset: shared,
      firstUse: 0,
      lastUse: lastOp,
      inPlaceOf: undefined,
      patch: undefined,
    });
    shared += Math.ceil(bytes / alignment) * alignment;
  }
  const live = liveBytes(work, owners, network.ops.length, []);
  const top = buffers.filter(
    (_, index) =>
      index < planner.count && (planner.offset[index] ?? 0) + (planner.size[index] ?? 0) === plannedBytes,
  );
  const aliveAt = (buffer: ArenaBuffer, op: number): boolean => buffer.firstUse <= op && op <= buffer.lastUse;
  const peakOps = network.ops
    .map((op) => op.index)
    .filter((index) => top.some((buffer) => aliveAt(buffer, index)));
  const peakBuffers = buffers
    .flatMap((buffer, position) => (peakOps.some((op) => aliveAt(buffer, op)) ? [position] : []))
    .sort((left, right) => (buffers[right]?.bytes ?? 0) - (buffers[left]?.bytes ?? 0));
  const persistent = [
    ...(network.kept ?? []),
    { name: 'interpreter', tensor: undefined, bytes: tailBytes - keptBytes },
  ];
  let offset = headBytes;
  for (const { name, tensor, bytes } of persistent) {
    if (bytes === 0) continue;
    buffers.push({
      kind: 'persistent',
      name,
      tensor,
      op: -1,
      bytes,
      offset,
      firstUse: 0,
      lastUse: lastOp,
      inPlaceOf: undefined,
      patch: undefined,
    });
    offset += Math.ceil(bytes / alignment) * alignment;
  }
  const otherBytes = total['ram total'] && Math.max(0, total['ram total'].value - assembled.neededBytes);
  const placement = placeArena(target, assembled.neededBytes, otherBytes);

  const ops = network.ops.map((op, position): OpCost => {
    const figure = figures[position];
    if (figure === undefined) throw new Error(`Operator ${op.name} was not priced.`);
    return {
      index: op.index,
      name: op.name,
      kind: op.kind,
      source: op.source,
      macs: figure.macs,
      parameters: figure.parameters,
      cycles: figure.cycles,
      latencyMs: figure.latencyMs,
      ramBytes: live[position] ?? 0,
      scratchBytes: [...figure.scratch, ...figure.pooledBytes].reduce((sum, bytes) => sum + bytes, 0),
      flashBytes: figure.flashBytes,
      energyUj: figure.energyUj,
      origin: figure.origin,
      note: figure.note,
      support: figure.support,
    };
  });
  const partial = network.ops.flatMap((op) => (op.kind === 'other' && op.uncounted ? [op.name] : []));
  return {
    ops,
    memory: {
      headBytes,
      tailBytes,
      keptBytes,
      neededBytes: assembled.neededBytes,
      interpreter,
      buffers,
      peakOps,
      peakBuffers,
      patches: patches?.schedule,
      placement,
    },
    total: partial.length === 0 ? total : { ...total, partial },
  };
}
