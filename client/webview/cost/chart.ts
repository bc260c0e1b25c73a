/** The lifetime chart on the page: the SVG that comes with the answer, and the layer in hand marked in it. */

import type { GraphDetail } from '../../../engine/model/cost-detail.ts';

/** The chart that stands there, so that choosing a layer does not draw it anew. */
let drawn: string | undefined;

/** `select` hears of the layer whose column or whose output is clicked. */
export function showChart(
  place: HTMLElement,
  { memory, layers }: GraphDetail,
  selected: number | undefined,
  select: (layer: number) => void,
): void {
  if (drawn !== memory.chart) {
    // Parsed as XML, never as HTML: names from the file stay text, and nothing in it runs.
    const parsed = new DOMParser().parseFromString(memory.chart, 'image/svg+xml').documentElement;
    place.replaceChildren(...(parsed instanceof SVGSVGElement ? [document.importNode(parsed, true)] : []));
    drawn = memory.chart;
  }
  place.onclick = ({ target }) => {
    const layer = target instanceof Element ? Number(target.getAttribute('data-layer') ?? NaN) : NaN;
    if (layer >= 0 && layer < layers.length) select(layer);
  };
  for (const step of place.querySelectorAll('.step')) {
    step.classList.toggle('selected', step.getAttribute('data-layer') === String(selected));
  }
  for (const mark of place.querySelectorAll('.buffer[data-buffer]')) {
    const buffer = memory.buffers[Number(mark.getAttribute('data-buffer'))];
    const alive =
      selected === undefined || (buffer !== undefined && buffer.first <= selected && selected <= buffer.last);
    mark.classList.toggle('faded', !alive);
  }
}
