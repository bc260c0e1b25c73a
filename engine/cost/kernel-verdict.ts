/**
 * Whether an operator is slow: the one verdict that hints, hovers, diagnostics and pages show. The runtime's rules say
 * what takes an operator off the fast kernel; that it costs something the price has to say, or there is no word of it.
 */

import { isFullConvolution, rowOf, template, valuesOf } from '../operators/catalogue.ts';
import type { Op, Shape } from '../space/network.ts';
import type { OpTemplate } from '../space/network.ts';
import { pathOf, type CompiledTarget } from './compile.ts';
import { sumsOf } from './form.ts';
import { formatCount } from './format.ts';
import { measureQuantities, type OperatorFormats, type Quantities } from './quantities.ts';
import type { Support } from './types.ts';

/** An operator with the shapes around it. */
export interface Shaped {
  readonly op: OpTemplate;
  readonly inputs: readonly Shape[];
  readonly output: Shape;
}

/** Of an operator's time: losing less is not worth a word. */
const worthwhileLoss = 0.01;
/** Of a reduction's time: what pooling has to take at most to be worth the change. */
const worthwhilePooling = 0.5;

/** The rule of {@link kernelVerdict} for reductions, which no runtime has to state. */
export const reductionRule = 'general-reduction';

const measure = ({ op, inputs, output }: Shaped, formats: OperatorFormats): Quantities =>
  measureQuantities(op, inputs, output, formats);

const cyclesOf = (compiled: CompiledTarget, op: OpTemplate, quantities: Quantities): number | undefined =>
  pathOf(compiled, op, quantities)?.cycles?.(quantities);

/** The same layer with another number of output channels; `undefined` for what has no channels of its own. */
export function withChannels<T extends OpTemplate | Op>(
  { op, inputs, output }: Shaped & { readonly op: T },
  channels: number,
): { readonly op: T; readonly inputs: readonly Shape[]; readonly output: Shape } | undefined {
  const shape = [...output.slice(0, -1), channels];
  const rule = rowOf(op.kind).channels;
  if (rule.by === 'set') return { op: { ...op, [rule.attribute]: channels }, inputs, output: shape };
  if (rule.by !== 'times') return undefined;
  const factor = Number(valuesOf(op)[rule.attribute]);
  return { op, inputs: inputs.map((input) => withLast(input, channels / factor)), output: shape };
}

const withLast = (shape: Shape, channels: number): Shape => [...shape.slice(0, -1), Math.ceil(channels)];

/** The nearest layer on the fast kernel. */
function onFastKernel(shaped: Shaped, support: Support & { readonly level: 'slow' }): Shaped | undefined {
  if (support.remedy?.kind === 'set-channels') return withChannels(shaped, support.remedy.to);
  const { op } = shaped;
  if ('dilation' in op && Math.max(...op.dilation) > 1) return { ...shaped, op: { ...op, dilation: [1, 1] } };
  const row = rowOf(op.kind);
  if (row.channels.by === 'times' && Number(valuesOf(op)[row.channels.attribute]) > 1) {
    const inputs = [withLast(shaped.inputs[0] ?? [], shaped.output.at(-1) ?? 1)];
    return { ...shaped, op: { ...op, [row.channels.attribute]: 1 }, inputs };
  }
  const channels = shaped.inputs[0]?.at(-1) ?? 0;
  if (!isFullConvolution(row) || channels % 4 === 0) return undefined;
  return { ...shaped, inputs: [withLast(shaped.inputs[0] ?? [], Math.ceil(channels / 4) * 4)] };
}

/** Pooling over the whole image and a reshape, which give what a reduction gives up to rounding. */
export function poolingLike({ op, inputs, output }: Shaped): readonly [Shaped, Shaped] | undefined {
  const [input] = inputs;
  const { pooling } = rowOf(op.kind);
  if (pooling === undefined || input?.length !== 3) return undefined;
  const [height = 1, width = 1] = input;
  const pooled: Shape = [1, 1, output.at(-1) ?? 1];
  const pool = template(pooling.kind, { kernel: [height, width], padding: 'valid' });
  return [
    { op: pool, inputs, output: pooled },
    { op: { kind: 'reshape', shape: output }, inputs: [pooled], output },
  ];
}

function slowReduction(
  compiled: CompiledTarget,
  shaped: Shaped,
  formats: OperatorFormats,
  cycles: number,
): Support | undefined {
  const { op, inputs } = shaped;
  const { pooling } = rowOf(op.kind);
  if (pooling === undefined) return undefined;
  const parts = poolingLike(shaped)?.map((part) => cyclesOf(compiled, part.op, measure(part, formats)));
  const [pool, flatten] = parts ?? [];
  if (pool === undefined || flatten === undefined || pool + flatten > cycles * worthwhilePooling)
    return undefined;
  const { layer, reduction } = pooling;
  const window = inputs[0]?.slice(0, 2).join('x') ?? '';
  return {
    level: 'slow',
    rule: reductionRule,
    reason: `${compiled.target.runtime.name} runs \`${reduction}\` by its general kernel ${op.kind.toUpperCase()}: \`${layer} ${window} padding valid; flatten\` gives the same up to rounding and is quicker.`,
    remedy: undefined,
  };
}

/** `support` by the rules alone, and the operator's own cycles as far as they are known. */
export function kernelVerdict(
  compiled: CompiledTarget,
  shaped: Shaped,
  formats: OperatorFormats,
  support: Support,
  cycles: number | undefined,
  quantities: Quantities,
): Support {
  if (cycles === undefined || support.level === 'none') return support;
  if (support.level === 'fast') {
    return (
      slowReduction(compiled, shaped, formats, cycles) ??
      cheaperWithMore(compiled, shaped, formats, quantities) ??
      support
    );
  }
  const mended = onFastKernel(shaped, support);
  if (mended === undefined) return support;
  const there = measure(mended, formats);
  const fast = cyclesOf(compiled, mended.op, there);
  if (fast === undefined) return support;
  const lost = cycles - (fast * quantities.macs) / Math.max(1, there.macs);
  if (lost < worthwhileLoss * cycles) return { level: 'fast' };
  const own = instructionsOf(compiled, shaped.op, quantities);
  const least = instructionsOf(compiled, mended.op, there);
  if (own === undefined || least === undefined) return support;
  return { ...support, reason: `${support.reason} ${comparedCounts(shaped, mended, own, least)}` };
}

/** What a layer executes by the counts of its runtime, beside what the one on the fast kernel executes. */
function comparedCounts(own: Shaped, fast: Shaped, here: number, there: number): string {
  const [inputs, outputs] = [fast.inputs[0]?.at(-1), fast.output.at(-1)];
  const given =
    inputs !== own.inputs[0]?.at(-1)
      ? `with ${String(inputs)} input channels`
      : outputs !== own.output.at(-1)
        ? `with ${String(outputs)} output channels`
        : 'on the fast kernel';
  return `It executes ${formatCount(here, 'instructions')}; ${given} it would execute ${formatCount(there, '')}.`;
}

function instructionsOf(
  compiled: CompiledTarget,
  op: OpTemplate,
  quantities: Quantities,
): number | undefined {
  const form = pathOf(compiled, op, quantities)?.form;
  return form && sumsOf(form)[0](quantities);
}

/** Kernels take sixteen values at a time and what is left more slowly: by the counts, so many channels may be cheaper. */
const wholeLoop = 16;
/** The rule of {@link kernelVerdict} for layers that would be cheaper with more channels. */
const moreForLessRule = 'more-for-less';

function cheaperWithMore(
  compiled: CompiledTarget,
  shaped: Shaped,
  formats: OperatorFormats,
  quantities: Quantities,
): Support | undefined {
  const channels = shaped.inputs[0]?.at(-1) ?? 0;
  if (
    !compiled.isCounted ||
    !isFullConvolution(rowOf(shaped.op.kind)) ||
    channels % wholeLoop === 0 ||
    channels < 4
  )
    return undefined;
  const more = Math.ceil(channels / wholeLoop) * wholeLoop;
  const wider = { ...shaped, inputs: [withLast(shaped.inputs[0] ?? [], more)] };
  const here = instructionsOf(compiled, shaped.op, quantities);
  const there = here === undefined ? here : instructionsOf(compiled, wider.op, measure(wider, formats));
  if (here === undefined || there === undefined || there > (1 - worthwhileLoss) * here) return undefined;
  return {
    level: 'slow',
    rule: moreForLessRule,
    reason: `${channels} input channels leave a rest that the kernel takes one value at a time: it executes ${formatCount(here, 'instructions')}, and with ${more} channels it would execute ${formatCount(there, '')}. Let the layer before have ${more}.`,
    remedy: undefined,
  };
}
