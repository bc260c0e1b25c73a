/** The one way in which a cost is computed: the hover, the search, the command line and the report all end here. */

import type { Network, Op } from '../space/network.ts';
import { assemble, bytesOf, tensorOf, Workspace } from './assemble.ts';
import { compiledTarget, type CompiledTarget } from './compile.ts';
import { priceOperator, type OperatorFigures } from './operator.ts';
import { placeArena } from './placement.ts';
import type { Target } from './target.ts';
import type { ArenaBuffer, NetworkCost, OpCost } from './types.ts';

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
  const owners = { tensor: [] as number[], op: [] as number[] };
  const inputBytes = (id: number): number => bytesOf(tensorOf(network, id));
  const { headBytes, tailBytes, total } = assemble(compiled, network, figures, inputBytes, work, owners);
  const { planner } = work;

  const nameOf = (index: number): string => network.ops.find((op) => op.index === index)?.name ?? 'input';
  const buffers: ArenaBuffer[] = owners.tensor.map((tensor, index) => {
    const op = owners.op[index] ?? -1;
    const isScratch = tensor < 0;
    return {
      kind: isScratch ? 'scratch' : 'activation',
      name: nameOf(op),
      tensor: isScratch ? undefined : tensor,
      op,
      bytes: isScratch ? (figures[op]?.scratchBytes ?? 0) : bytesOf(tensorOf(network, tensor)),
      offset: planner.offset[index] ?? 0,
      firstUse: planner.first[index] ?? 0,
      lastUse: planner.last[index] ?? 0,
      inPlaceOf: undefined,
      patch: undefined,
    };
  });
  const live = network.ops.map((op) =>
    buffers.reduce(
      (sum, buffer) => (buffer.firstUse <= op.index && op.index <= buffer.lastUse ? sum + buffer.bytes : sum),
      0,
    ),
  );
  const top = buffers.filter(
    (_, index) => (planner.offset[index] ?? 0) + (planner.size[index] ?? 0) === headBytes,
  );
  const aliveAt = (buffer: ArenaBuffer, op: number): boolean => buffer.firstUse <= op && op <= buffer.lastUse;
  const peakOps = network.ops
    .map((op) => op.index)
    .filter((index) => top.some((buffer) => aliveAt(buffer, index)));
  const peakBuffers = buffers
    .flatMap((buffer, position) => (peakOps.some((op) => aliveAt(buffer, op)) ? [position] : []))
    .sort((left, right) => (buffers[right]?.bytes ?? 0) - (buffers[left]?.bytes ?? 0));
  if (tailBytes > 0) {
    buffers.push({
      kind: 'persistent',
      name: 'interpreter',
      tensor: undefined,
      op: -1,
      bytes: tailBytes,
      offset: headBytes,
      firstUse: 0,
      lastUse: Math.max(0, network.ops.length - 1),
      inPlaceOf: undefined,
      patch: undefined,
    });
  }
  const placement = placeArena(target, headBytes + tailBytes, undefined);

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
      scratchBytes: figure.scratchBytes,
      flashBytes: figure.flashBytes,
      energyUj: figure.energyUj,
      origin: figure.origin,
      note: figure.note,
      support: figure.support,
    };
  });
  return {
    ops,
    memory: { headBytes, tailBytes, buffers, peakOps, peakBuffers, patches: undefined, placement },
    total,
  };
}
