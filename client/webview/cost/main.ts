/** The page of the Cost View. What it shows comes as messages; what it remembers survives a reload. */

import { formatHertz } from '../../../engine/cost/format.ts';
import type { CostDetail, GraphDetail } from '../../../engine/model/cost-detail.ts';
import {
  architectures,
  type Choice,
  type CostState,
  type FromPage,
  type ToPage,
} from '../../cost/messages.ts';
import type { Sorting } from '../../cost/sorting.ts';
import { element, make, setOptions } from '../dom.ts';
import { acquireVsCode } from '../vscode.ts';
import { showChart } from './chart.ts';
import { fillLayers } from './layers.ts';
import { fillTotals } from './totals.ts';

/** What VS Code keeps for the page while it is hidden and over a reload of the window. */
interface Remembered {
  /** For a page that VS Code opens again: what it is about. */
  readonly uri: string | undefined;
  readonly space: string | undefined;
  readonly choice: Choice | undefined;
  readonly graph: number;
  readonly selected: number | undefined;
  readonly sorting: Sorting;
}

const vscode = acquireVsCode<FromPage, Remembered>();
let view: Remembered = {
  uri: undefined,
  space: undefined,
  choice: undefined,
  graph: 0,
  selected: undefined,
  sorting: { column: 'order', descending: false },
  ...vscode.getState(),
};
let state: CostState | undefined;

const board = element('board', HTMLSelectElement);
const runtime = element('runtime', HTMLSelectElement);
const architecture = element('architecture', HTMLSelectElement);
const graph = element('graph', HTMLSelectElement);
const report = element('report', HTMLButtonElement);

function send(message: FromPage): void {
  vscode.postMessage(message);
}

function remember(change: Partial<Remembered>): void {
  view = { ...view, ...change };
  vscode.setState(view);
}

function choose(change: Partial<Choice>): void {
  if (state === undefined) return;
  const { target } = state.detail ?? {};
  const choice: Choice = {
    ...state.choice,
    board: state.choice.board ?? target?.board,
    runtime: state.choice.runtime,
    ...change,
  };
  remember({ choice });
  send({ type: 'choose', choice });
}

function statusText({ busy, detail, failure }: CostState): string {
  if (failure !== undefined) return failure;
  if (detail === undefined) return 'Pricing…';
  const { target } = detail;
  return `${busy ? 'Pricing anew. Until then: ' : ''}on ${target.board_name} with ${target.runtime_name} at ${formatHertz(target.clock_hz)}`;
}

function drawTools({ subject, boards, choice, detail, failure }: CostState): void {
  const chosen = detail?.target.board ?? choice.board ?? '';
  setOptions(
    board,
    boards.map(({ id, name }) => ({ value: id, label: `${name} (${id})` })),
    chosen,
  );
  const runtimes = boards.find(({ id }) => id === chosen)?.runtimes ?? [];
  setOptions(
    runtime,
    runtimes.map((id) => ({ value: id, label: id })),
    detail?.target.runtime ?? choice.runtime ?? runtimes[0] ?? '',
  );
  element('architecture-label', HTMLElement).hidden = subject !== 'space';
  setOptions(
    architecture,
    architectures.map(({ id, label }) => ({ value: id, label })),
    choice.architecture,
  );
  const graphs = detail?.graphs ?? [];
  element('graph-label', HTMLElement).hidden = graphs.length < 2;
  setOptions(
    graph,
    graphs.map(({ name }, index) => ({ value: String(index), label: name })),
    String(graphInHand(detail)),
  );
  report.disabled = failure !== undefined || detail === undefined;
}

function graphInHand(detail: CostDetail | undefined): number {
  return view.graph < (detail?.graphs.length ?? 0) ? view.graph : 0;
}

function fillList(id: string, sentences: readonly string[]): void {
  const list = element(id, HTMLUListElement);
  list.hidden = sentences.length === 0;
  list.replaceChildren(...sentences.map((sentence) => make('li', '', sentence)));
}

function fillSentence(id: string, sentence: string | null): void {
  const place = element(id, HTMLElement);
  place.hidden = sentence === null;
  place.textContent = sentence ?? '';
}

function draw(): void {
  if (state === undefined) return;
  const { detail } = state;
  element('title', HTMLElement).textContent = detail?.title ?? state.title;
  const status = element('status', HTMLElement);
  status.textContent = statusText(state);
  status.className = state.failure === undefined ? '' : 'failure';
  drawTools(state);
  const content = element('content', HTMLElement);
  content.hidden = detail === undefined;
  content.setAttribute('aria-busy', String(state.busy));
  if (detail === undefined) return;
  fillTotals(element('totals', HTMLElement), detail);
  const placement = element('placement', HTMLElement);
  placement.textContent = detail.placement.message;
  placement.className = detail.placement.fits ? '' : 'failure';
  fillList(
    'problems',
    detail.problems.map(({ message }) => message),
  );
  fillList('assumptions', detail.assumptions);
  const shown = detail.graphs[graphInHand(detail)];
  if (shown !== undefined) drawGraph(shown);
}

function drawGraph(shown: GraphDetail): void {
  const { called_by: callers, memory } = shown;
  fillSentence('called', callers.length === 0 ? null : `This graph is run by ${callers.join(', ')}.`);
  fillSentence('peak', memory.peak);
  fillSentence('patches', memory.patches);
  const selected =
    view.selected !== undefined && view.selected < shown.layers.length ? view.selected : undefined;
  showChart(element('chart', HTMLElement), shown, selected, select);
  element('alive', HTMLElement).textContent = selected === undefined ? '' : aliveAt(shown, selected);
  fillLayers(
    { head: element('head', HTMLTableRowElement), rows: element('rows', HTMLTableSectionElement) },
    shown.layers,
    { sorting: view.sorting, selected },
    {
      select,
      open: (layer) => {
        const line = shown.layers[layer]?.line;
        if (typeof line === 'number') send({ type: 'reveal', line });
      },
      sort: (sorting) => {
        remember({ sorting });
        draw();
      },
    },
  );
}

function select(layer: number): void {
  remember({ selected: layer });
  draw();
  document.querySelector<HTMLElement>(`tr[data-layer="${layer}"]`)?.scrollIntoView({ block: 'nearest' });
}

/** For who hears the chart: what is kept while a layer runs. */
function aliveAt({ layers, memory }: GraphDetail, layer: number): string {
  const alive = memory.buffers
    .filter(({ kind, first, last }) => kind !== 'persistent' && first <= layer && layer <= last)
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ name, kind, bytes }) => `${kind === 'scratch' ? 'scratch of ' : ''}${name} (${bytes} B)`);
  return `While layer ${layer + 1}, ${layers[layer]?.label ?? ''}, runs, these are kept: ${alive.join(', ')}.`;
}

board.addEventListener('change', () => choose({ board: board.value, runtime: undefined }));
runtime.addEventListener('change', () => choose({ runtime: runtime.value }));
architecture.addEventListener('change', () => {
  const wanted = architectures.find(({ id }) => id === architecture.value);
  if (wanted !== undefined) choose({ architecture: wanted.id });
});
graph.addEventListener('change', () => {
  remember({ graph: Number(graph.value), selected: undefined });
  draw();
});
report.addEventListener('click', () => send({ type: 'report' }));

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  state = data.state;
  remember({ uri: state.uri, space: state.space, choice: state.choice });
  draw();
  if (!state.busy) {
    const layers = state.detail === undefined ? 0 : document.querySelectorAll('#rows tr.layer').length;
    send({ type: 'drawn', layers, status: statusText(state) });
  }
});
send({ type: 'ready' });
