/**
 * The tensor arena over an inference, as an SVG: across the layers in the order in which they run, upwards the bytes
 * of the arena, a rectangle for each buffer from its first to its last use at the place where the planner put it.
 * What is alive at the peak is marked, and so are the layers that make it.
 *
 * Classes instead of colours, so that an editor's theme can dress it: `buffer` with `activation`, `scratch` or
 * `persistent`, and `peak`, `in-place`; `step` for the column of a layer with `peak`; `peak-line`, `bank-line`, `need-line`,
 * `axis`, `tick`, `label`. A `step` carries `data-layer`, a `buffer` also `data-buffer`: positions in the cost.
 */

import { counted, visible } from '../space/index.ts';
import { type ArenaBuffer, formatBytes, type MemoryPlan, type NetworkCost } from '../cost/index.ts';
import { layerLabel, shortLabel } from './layer-label.ts';

/** Units of the SVG's own coordinates; it scales to the width of its place. */
const size = { width: 960, height: 348 };
const margin = { left: 74, right: 14, top: 26, bottom: 72 };
const plot = {
  width: size.width - margin.left - margin.right,
  height: size.height - margin.top - margin.bottom,
};
/** About the width of a character of a label, and the least size of a rectangle that has room for one. */
const label = { character: 6.9, width: 34, height: 13 };
/** A place of the legend; a character is as wide as on a narrow page, which draws labels larger. */
const legend = { character: 9.4, swatch: 22, gap: 14, height: 11 };
/** A browser draws this many without delay; beyond, the smallest buffers are left out. */
const mostBuffers = 2000;
/** A bank this many times as large as the arena would squeeze the chart into its foot. */
const bankInSight = 1.6;

/** That an arena which holds the running network is too small to set it up; `undefined` where it is not. */
export function setUpSentence({ headBytes, tailBytes, neededBytes }: MemoryPlan): string | undefined {
  const used = headBytes + tailBytes;
  // Rounding up to where buffers begin is not worth a word.
  if (neededBytes < used + 32) return undefined;
  return `Setting the network up takes ${formatBytes(neededBytes)}, of which ${formatBytes(used)} stay in use: a smaller arena fails before the first inference.`;
}

export interface ChartOptions {
  /** With its own colours, for a place that has none: a file, a page of Markdown. */
  readonly standalone?: boolean;
}

/** `name` is that of the network, for who hears the chart instead of seeing it. */
export function memoryChart(cost: NetworkCost, name: string, options: ChartOptions = {}): string {
  const { memory, ops } = cost;
  const steps = Math.max(1, ops.length);
  const bank = memory.placement.bank ?? memory.placement.banks.at(-1);
  const used = memory.headBytes + memory.tailBytes;
  const arena = Math.max(1, used, memory.neededBytes);
  const bankBytes = bank !== undefined && bank.bytes <= bankInSight * arena ? bank.bytes : undefined;
  const top = Math.max(arena, bankBytes ?? 0) * 1.03;
  const across = (step: number) => margin.left + (plot.width * step) / steps;
  const up = (bytes: number) => margin.top + plot.height * (1 - bytes / top);
  const peaks = new Set(memory.peakOps);
  const atPeak = new Set(memory.peakBuffers);

  const drawn = memory.buffers
    .map((buffer, index) => ({ buffer, index }))
    .sort((a, b) => b.buffer.bytes - a.buffer.bytes)
    .slice(0, mostBuffers);
  const parts = [
    ...ops.map((op, step) =>
      tag(
        'rect',
        {
          class: classes('step', peaks.has(op.index) && 'peak'),
          'data-layer': step,
          ...box(across(step), margin.top, plot.width / steps, plot.height),
        },
        title(`${step + 1}. ${layerLabel(op.name)}: ${formatBytes(op.ramBytes)} alive`),
      ),
    ),
    ...yTicks(top).flatMap((bytes) => [
      line('tick', margin.left, up(bytes), margin.left + plot.width, up(bytes)),
      text('label', margin.left - 6, up(bytes) + 4, formatBytes(bytes), 'end'),
    ]),
    ...drawn.map(({ buffer, index }) => bufferMark(buffer, index, atPeak.has(index), across, up)),
    line('axis', margin.left, margin.top + plot.height, margin.left + plot.width, margin.top + plot.height),
    ...xTicks(ops.length).map((step) =>
      text(
        'label',
        (across(step) + across(step + 1)) / 2,
        margin.top + plot.height + 15,
        `${step + 1}`,
        'middle',
      ),
    ),
    text(
      'label',
      margin.left + plot.width / 2,
      margin.top + plot.height + 36,
      'layer, in the order in which they run',
      'middle',
    ),
    line('peak-line', margin.left, up(memory.headBytes), margin.left + plot.width, up(memory.headBytes)),
    text(
      'label peak',
      margin.left + plot.width,
      Math.max(12, up(memory.headBytes) - 5),
      `peak ${formatBytes(memory.headBytes)}`,
      'end',
    ),
    ...(setUpSentence(memory) === undefined
      ? []
      : [
          line('need-line', margin.left, up(arena), margin.left + plot.width, up(arena)),
          text('label', margin.left + plot.width, up(arena) - 5, `set-up ${formatBytes(arena)}`, 'end'),
        ]),
    ...(bank === undefined || bankBytes === undefined
      ? []
      : [
          line('bank-line', margin.left, up(bankBytes), margin.left + plot.width, up(bankBytes)),
          text(
            'label',
            margin.left + 4,
            up(bankBytes) - 5,
            `${bank.name}, ${formatBytes(bankBytes)}`,
            'start',
          ),
        ]),
    ...legendOf(drawn.map(({ buffer, index }) => ({ buffer, peak: atPeak.has(index) }))),
  ];
  const summary = `Memory of ${name} over ${counted(ops.length, 'layer')}: ${formatBytes(memory.headBytes)} at the peak, in layer ${memory.peakOps.map((index) => index + 1).join(', ') || 'none'}.`;
  return tag(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'memory-chart',
      viewBox: `0 0 ${size.width} ${size.height}`,
      role: 'img',
      'aria-label': summary,
    },
    (options.standalone === true ? `<style>${chartStyle}</style>` : '') + parts.join('\n'),
  );
}

/** What the colours and strokes of the rectangles mean; of those that the chart has. */
function legendOf(drawn: readonly { readonly buffer: ArenaBuffer; readonly peak: boolean }[]): string[] {
  const some = (has: (buffer: ArenaBuffer, peak: boolean) => boolean): boolean =>
    drawn.some(({ buffer, peak }) => has(buffer, peak));
  const entries = [
    { marks: 'activation', words: 'tensor', shown: some(({ kind }, peak) => kind === 'activation' && !peak) },
    { marks: 'scratch', words: 'scratch', shown: some(({ kind }, peak) => kind === 'scratch' && !peak) },
    { marks: 'activation peak', words: 'alive at the peak', shown: some((_, peak) => peak) },
    { marks: 'persistent', words: 'kept for good', shown: some(({ kind }) => kind === 'persistent') },
    {
      marks: 'activation in-place',
      words: 'over its input',
      shown: some(({ inPlaceOf }) => inPlaceOf !== undefined),
    },
  ].filter(({ shown }) => shown);
  const top = size.height - legend.height - 6;
  let left = margin.left;
  return entries.flatMap(({ marks, words }) => {
    const at = left;
    left += legend.swatch + legend.gap + words.length * legend.character;
    return [
      tag('rect', { class: `swatch buffer ${marks}`, ...box(at, top, legend.swatch, legend.height) }),
      text('label legend', at + legend.swatch + 5, top + legend.height - 1, words, 'start'),
    ];
  });
}

function bufferMark(
  buffer: ArenaBuffer,
  index: number,
  peak: boolean,
  across: (step: number) => number,
  up: (bytes: number) => number,
): string {
  const { kind, name, bytes, offset, firstUse, lastUse } = buffer;
  const left = across(firstUse);
  const width = across(lastUse + 1) - left;
  const height = up(offset) - up(offset + bytes);
  const short = shortLabel(name, Math.floor((width - 8) / label.character));
  const fits = width >= label.width && height >= label.height && short !== '';
  const shape = tag('rect', {
    class: classes('buffer', kind, peak && 'peak', buffer.inPlaceOf !== undefined && 'in-place'),
    'data-buffer': index,
    'data-layer': Math.max(0, buffer.op),
    ...box(left + 0.5, up(offset + bytes) + 0.5, Math.max(1, width - 1), Math.max(1, height - 1)),
  });
  return tag(
    'g',
    {},
    title(described(buffer)) +
      shape +
      (fits ? text('label inside', left + 5, up(offset + bytes / 2) + 4, short, 'start') : ''),
  );
}

function described(buffer: ArenaBuffer): string {
  const { kind, bytes, offset, firstUse, lastUse, inPlaceOf, patch } = buffer;
  const name = layerLabel(buffer.name);
  const what =
    kind === 'activation'
      ? `Output of ${name}`
      : kind === 'scratch'
        ? `Scratch of ${name}`
        : 'The interpreter';
  const when = firstUse === lastUse ? `layer ${firstUse + 1}` : `layers ${firstUse + 1} to ${lastUse + 1}`;
  const parts = [`${name === 'input' ? 'The input' : what}: ${formatBytes(bytes)} at ${offset}, in ${when}`];
  if (inPlaceOf !== undefined) parts.push('written over its input');
  if (patch !== undefined) {
    parts.push(`a patch of ${patch.height}x${patch.width} of a tensor of ${formatBytes(patch.wholeBytes)}`);
  }
  return parts.join(', ');
}

/** About five round numbers of bytes up to `top`. */
function yTicks(top: number): number[] {
  let step = 1;
  while (top / step > 6) step *= 2;
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, tick) => tick * step);
}

/** Every layer that has room for its number. */
function xTicks(steps: number): number[] {
  const every = Math.max(1, Math.ceil(steps / 32));
  return Array.from({ length: Math.ceil(steps / every) }, (_, tick) => tick * every);
}

const box = (x: number, y: number, width: number, height: number) => ({
  x: round(x),
  y: round(y),
  width: round(width),
  height: round(height),
});

const round = (value: number) => Math.round(value * 100) / 100;
const classes = (...names: readonly (string | false)[]) => names.filter((name) => name !== false).join(' ');
const title = (words: string) => `<title>${escaped(words)}</title>`;

function line(name: string, x1: number, y1: number, x2: number, y2: number): string {
  return tag('line', { class: name, x1: round(x1), y1: round(y1), x2: round(x2), y2: round(y2) });
}

function text(name: string, x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end'): string {
  return tag('text', { class: name, x: round(x), y: round(y), 'text-anchor': anchor }, escaped(words));
}

function tag(name: string, attributes: Readonly<Record<string, string | number>>, inside = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  return `<${name}${written.join('')}>${inside}</${name}>`;
}

/** For the text and the attributes of XML, which has no place for control characters. */
export function escaped(words: string): string {
  return visible(words)
    .replace(/[\u{FFFE}\u{FFFF}]/gu, ' ')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Colours for a page of its own, light or dark as the reader has it. */
export const chartStyle = `
.memory-chart { font: 11px system-ui, sans-serif; color: #222; background: #fff; }
.memory-chart .label { fill: currentColor; stroke: none; }
.memory-chart .label.inside { pointer-events: none; }
.memory-chart .label.peak { fill: #b3261e; font-weight: 600; stroke: #fff; stroke-width: 4px; paint-order: stroke; }
.memory-chart .axis { stroke: currentColor; }
.memory-chart .tick { stroke: currentColor; stroke-opacity: 0.15; }
.memory-chart .step { fill: transparent; }
.memory-chart .step.peak { fill: #b3261e; fill-opacity: 0.12; }
.memory-chart .buffer { fill: #4a7ba6; fill-opacity: 0.5; stroke: #fff; }
.memory-chart .buffer.peak { fill: #d0682c; }
.memory-chart .buffer.scratch { fill: #7a7f3a; }
.memory-chart .buffer.persistent { fill: #777; fill-opacity: 0.3; }
.memory-chart .buffer.in-place { stroke-dasharray: 4 2; }
.memory-chart .peak-line { stroke: #b3261e; stroke-dasharray: 5 4; }
.memory-chart .bank-line { stroke: currentColor; stroke-width: 2; }
.memory-chart .need-line { stroke: currentColor; stroke-dasharray: 2 4; }
@media (prefers-color-scheme: dark) {
  .memory-chart { color: #ddd; background: #1e1e1e; }
  .memory-chart .buffer { stroke: #1e1e1e; }
  .memory-chart .label.peak { fill: #ff8a80; stroke: #1e1e1e; }
  .memory-chart .peak-line { stroke: #ff8a80; }
}
@media (forced-colors: active) {
  .memory-chart { forced-color-adjust: none; color: CanvasText; background: Canvas; }
  .memory-chart .label.peak { fill: CanvasText; stroke: Canvas; }
  .memory-chart .buffer:is(.activation, .scratch, .persistent) { fill: Canvas; fill-opacity: 1; stroke: CanvasText; }
  .memory-chart .buffer.peak { stroke-width: 3; }
  .memory-chart .peak-line { stroke: CanvasText; }
  .memory-chart .step.peak { fill: transparent; }
}
`;
