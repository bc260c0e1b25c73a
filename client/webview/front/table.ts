/** The trials as a table: what the chart shows, for reading, for screen readers and for the keyboard. */

import type { Point } from '../../front/messages.ts';
import type { Cell, TableColumn } from '../../front/rows.ts';
import { make } from '../dom.ts';

export interface TableParts {
  readonly head: HTMLTableRowElement;
  readonly rows: HTMLTableSectionElement;
}

export interface TableEvents {
  select(trial: number): void;
  open(trial: number): void;
  exportModel(trial: number): void;
}

function button(text: string, label: string, pressed: () => void): HTMLButtonElement {
  const made = make('button', 'secondary', text);
  made.type = 'button';
  made.setAttribute('aria-label', label);
  made.addEventListener('click', (event) => {
    event.stopPropagation();
    pressed();
  });
  return made;
}

function heading({ title, note }: Pick<TableColumn, 'title' | 'note'>): HTMLTableCellElement {
  const cell = make('th', '', title);
  cell.scope = 'col';
  cell.title = note;
  return cell;
}

/** On a narrow page the titles stand in the cells; see front.css. */
function valueCell({ text, more }: Cell, title: string): HTMLTableCellElement {
  const cell = make('td', '', text);
  cell.dataset['title'] = title;
  if (more !== undefined) cell.append(make('small', '', more));
  return cell;
}

export function fillTable(
  { head, rows }: TableParts,
  points: readonly Point[],
  columns: readonly TableColumn[],
  selected: number | undefined,
  events: TableEvents,
): void {
  head.replaceChildren(
    heading({ title: 'Name', note: 'Of the architecture.' }),
    ...columns.map(heading),
    make('td'),
  );
  const focused = rows.contains(document.activeElement)
    ? document.activeElement?.closest('tr')?.dataset['trial']
    : undefined;
  rows.replaceChildren(
    ...points.map((point) => {
      const row = make('tr');
      row.dataset['trial'] = String(point.trial);
      row.setAttribute('aria-selected', String(point.trial === selected));
      row.addEventListener('click', () => events.select(point.trial));
      const name = make('td');
      const open = button(point.name, `Open the architecture ${point.name}`, () => events.open(point.trial));
      open.className = 'link';
      name.append(open);
      const actions = make('td');
      actions.append(
        button('Export', `Export the model ${point.name}`, () => events.exportModel(point.trial)),
      );
      row.append(name, ...columns.map(({ title, cell }) => valueCell(cell(point), title)), actions);
      if (row.dataset['trial'] === focused) queueMicrotask(() => open.focus());
      return row;
    }),
  );
}
