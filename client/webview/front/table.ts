/** The trials as a table: what the chart shows, for reading, for screen readers and for the keyboard. */

import type { Metric, Point } from '../../front/messages.ts';
import { metricWords, valueOf } from '../../front/metrics.ts';

export interface TableParts {
  readonly head: HTMLTableRowElement;
  readonly rows: HTMLTableSectionElement;
}

export interface TableEvents {
  select(trial: number): void;
  open(trial: number): void;
  exportModel(trial: number): void;
}

/** Columns that have a number in at least one row. */
function columns(points: readonly Point[], target: string | undefined): Metric[] {
  return (['accuracy', 'latency', 'ram', 'flash', 'energy'] as const).filter((metric) =>
    points.some((point) => valueOf(point, metric, target) !== undefined),
  );
}

function button(text: string, label: string, pressed: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'secondary';
  made.textContent = text;
  made.setAttribute('aria-label', label);
  made.addEventListener('click', (event) => {
    event.stopPropagation();
    pressed();
  });
  return made;
}

export function fillTable(
  { head, rows }: TableParts,
  points: readonly Point[],
  target: string | undefined,
  selected: number | undefined,
  events: TableEvents,
): void {
  const metrics = columns(points, target);
  head.replaceChildren(
    ...[
      'Name',
      ...metrics.map((metric) => metricWords[metric].label.replace(/^int8 accuracy \(%\)$/, 'Accuracy')),
      '',
    ].map((text) => {
      const cell = document.createElement('th');
      cell.scope = 'col';
      cell.textContent = text.replace(/ \(.*\)$/, '');
      return cell;
    }),
  );
  const focused = rows.contains(document.activeElement)
    ? document.activeElement?.closest('tr')?.dataset['trial']
    : undefined;
  rows.replaceChildren(
    ...points.map((point) => {
      const row = document.createElement('tr');
      row.dataset['trial'] = String(point.trial);
      row.setAttribute('aria-selected', String(point.trial === selected));
      row.addEventListener('click', () => events.select(point.trial));
      const name = document.createElement('td');
      const open = button(point.name, `Open the architecture ${point.name}`, () => events.open(point.trial));
      open.className = 'link';
      name.append(open);
      const values = metrics.map((metric) => {
        const cell = document.createElement('td');
        const value = valueOf(point, metric, target);
        cell.textContent = value === undefined ? '–' : metricWords[metric].format(value);
        if (metric === 'accuracy') {
          cell.title = `On the ${point.accuracyOn} images, after ${point.epochs} epochs`;
        }
        return cell;
      });
      const actions = document.createElement('td');
      actions.append(
        button('Export', `Export the model ${point.name}`, () => events.exportModel(point.trial)),
      );
      row.append(name, ...values, actions);
      if (row.dataset['trial'] === focused) queueMicrotask(() => open.focus());
      return row;
    }),
  );
}
