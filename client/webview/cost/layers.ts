/** The layers as a table that sorts: numbers with bars, and what is to be said of a layer below its name. */

import type { LayerDetail } from '../../../engine/model/cost-detail.ts';
import { columns, sorted, type Column, type Sorting } from '../../cost/sorting.ts';
import { formatMetric } from '../../../engine/cost/format.ts';
import { make } from '../dom.ts';

/** Columns in which the lengths of bars can be compared. */
const barred: ReadonlySet<Column> = new Set(['latency', 'ram', 'flash']);

export interface LayersView {
  readonly sorting: Sorting;
  /** Position of a layer in the order in which they run. */
  readonly selected: number | undefined;
}

export interface LayersEvents {
  select(layer: number): void;
  open(layer: number): void;
  sort(sorting: Sorting): void;
}

export function fillLayers(
  { head, rows }: { readonly head: HTMLTableRowElement; readonly rows: HTMLTableSectionElement },
  layers: readonly LayerDetail[],
  view: LayersView,
  events: LayersEvents,
): void {
  // Few boards have measured power: a column without a number would only take room.
  const hasEnergy = layers.some(({ energy_uj: energy }) => energy !== null);
  const shown = columns.filter(({ key }) => key !== 'energy' || hasEnergy);
  const hadFocus = rows.contains(document.activeElement);
  const focusedHeading = head.contains(document.activeElement)
    ? document.activeElement?.getAttribute('data-column')
    : undefined;
  head.replaceChildren(
    ...shown.flatMap(({ key, title }) => {
      if (key === 'op') return [];
      const cell = heading(key, title, view.sorting, events);
      // The operator stands below the layer's name, so that a page of half the window has room for every column.
      if (key === 'name') cell.append(' · ', sortButton('op', 'Operator', view.sorting, events));
      return [cell];
    }),
  );
  if (typeof focusedHeading === 'string') {
    head.querySelector<HTMLElement>(`[data-column="${focusedHeading}"]`)?.focus();
  }
  const order = sorted(layers, view.sorting);
  const greatest = new Map(
    columns.map(({ key, value }) => [key, Math.max(0, ...layers.map((layer) => value?.(layer) ?? 0))]),
  );
  // One row takes part in the order of the tab key; arrows move between them.
  const inTabOrder = view.selected ?? order[0];
  rows.replaceChildren(
    ...order.flatMap((index) => {
      const layer = layers[index];
      if (layer === undefined) return [];
      const row = layerRow(layer, index, shown, greatest);
      const more = remarksRow(layer, index);
      row.tabIndex = index === inTabOrder ? 0 : -1;
      row.setAttribute('aria-selected', String(index === view.selected));
      row.addEventListener('click', () => events.select(index));
      row.addEventListener('dblclick', () => events.open(index));
      row.addEventListener('keydown', (event) => {
        const at = order.indexOf(index);
        const next = {
          ArrowDown: order[at + 1],
          ArrowUp: order[at - 1],
          Home: order[0],
          End: order.at(-1),
        }[event.key];
        if (next !== undefined) events.select(next);
        else if (event.key === 'Enter') events.open(index);
        else if (event.key === ' ') events.select(index);
        else return;
        event.preventDefault();
      });
      if (more === undefined) return [row];
      more.setAttribute('aria-selected', String(index === view.selected));
      more.addEventListener('click', () => events.select(index));
      return [row, more];
    }),
  );
  if (hadFocus) rows.querySelector<HTMLElement>('tr[tabindex="0"]')?.focus();
}

function heading(key: Column, title: string, sorting: Sorting, events: LayersEvents): HTMLTableCellElement {
  const cell = make('th');
  cell.scope = 'col';
  const sorts = sorting.column === key || (key === 'name' && sorting.column === 'op');
  cell.setAttribute('aria-sort', sorts ? (sorting.descending ? 'descending' : 'ascending') : 'none');
  cell.append(sortButton(key, title, sorting, events));
  return cell;
}

function sortButton(key: Column, title: string, sorting: Sorting, events: LayersEvents): HTMLButtonElement {
  const mine = sorting.column === key;
  const button = make('button', 'link', title);
  button.type = 'button';
  button.dataset['column'] = key;
  if (mine) button.dataset['order'] = sorting.descending ? 'descending' : 'ascending';
  const costs = columns.find((column) => column.key === key)?.value !== undefined;
  // The dearest first, unless it is a name.
  button.addEventListener('click', () =>
    events.sort({ column: key, descending: mine ? !sorting.descending : costs }),
  );
  return button;
}

function layerRow(
  layer: LayerDetail,
  index: number,
  shown: readonly (typeof columns)[number][],
  greatest: ReadonlyMap<Column, number>,
): HTMLTableRowElement {
  const row = make('tr', layer.remarks.length > 0 ? 'layer remarked' : 'layer');
  row.dataset['layer'] = String(index);
  if (layer.remarks.length > 0) row.setAttribute('aria-describedby', `remarks-${index}`);
  const name = make('td', 'name');
  const label = make('span', 'label', layer.label);
  label.title = layer.name;
  name.append(label);
  if (layer.support !== 'fast') {
    name.append(make('span', `badge ${layer.support}`, layer.support === 'none' ? 'cannot run' : 'slow'));
  }
  if (layer.peak) name.append(make('span', 'badge peak', 'peak'));
  name.append(make('span', 'remark', `${layer.op} · ${layer.shapes}`));
  row.append(make('td', 'order', String(index + 1)), name);
  for (const { key, value } of shown) {
    if (value === undefined) continue;
    row.append(numberCell(key, value(layer), layer, greatest.get(key) ?? 0));
  }
  return row;
}

/** What is to be said of a layer, over the whole width. */
function remarksRow({ remarks }: LayerDetail, index: number): HTMLTableRowElement | undefined {
  if (remarks.length === 0) return undefined;
  const row = make('tr', 'more');
  row.id = `remarks-${index}`;
  const cell = make('td');
  cell.colSpan = columns.length - 2;
  cell.append(...remarks.map((remark) => make('span', 'remark', remark)));
  row.append(make('td'), cell);
  return row;
}

function numberCell(
  key: Exclude<Column, 'order' | 'name' | 'op'>,
  value: number | undefined,
  layer: LayerDetail,
  greatest: number,
): HTMLTableCellElement {
  const cell = make('td', 'number');
  if (value === undefined) {
    cell.append(make('span', 'missing', 'no data'));
    return cell;
  }
  cell.append(make('span', '', formatMetric(key, value)));
  const interval = key === 'latency' ? layer.latency_ms : key === 'energy' ? layer.energy_uj : null;
  if (interval !== null) {
    cell.title = `${formatMetric(key, interval)}, with 90 % confidence`;
  }
  if (barred.has(key) && greatest > 0) {
    const bar = make('span', `bar ${key}`);
    bar.style.setProperty('--share', `${((100 * value) / greatest).toFixed(1)}%`);
    bar.setAttribute('aria-hidden', 'true');
    cell.append(bar);
  }
  return cell;
}
