/** The numbers of a table, column by column: which are features, and which merely count the lines or hold nothing. */

import { DatasetError } from './dataset.ts';
import { isNumeral } from './labels.ts';
import type { Layout } from './table-header.ts';
import { refuseLarge } from './limits.ts';

/** What a column of row numbers is called, by pandas and by people. */
const ROW_NUMBER = /^(?:unnamed: ?\d+|index|idx|id|row|row[ _]?(?:id|number|nr))$/i;
/** Of a longer table the first so many tell. */
const MOST_DISTINCT = 2 ** 20;
const DECIMAL_COMMA = /^[+-]?\d*,\d+$/;
/** `1,234` may be a thousand or a little more than one. */
const THREE_DIGITS = /^[+-]?[1-9]\d{0,2},\d{3}$/;

interface Fault {
  readonly line: number;
  readonly text: string;
}

interface State {
  /** The first cell that is no number, in a column that may yet be left out. */
  fault: Fault | undefined;
  empty: number;
  /** The first number of a column in which each is one more than that before. */
  start: number | undefined;
  isCounting: boolean;
}

export interface TableValues {
  /** Row by row. */
  readonly values: Float32Array;
  readonly names: readonly string[];
  /** Names of columns that are no features. */
  readonly left: readonly string[];
}

export class TableColumns {
  private readonly path: string;
  private readonly layout: Layout;
  private readonly features: readonly number[];
  private readonly values: Growing;
  private readonly states: readonly State[];
  /** What the first column holds, as long as each cell is different and it has no name. */
  private distinct: Set<string> | undefined;
  private rows = 0;
  /** Whether a comma can be a decimal one. */
  private readonly commas: boolean;
  private comma: Fault | undefined;
  private point: Fault | undefined;
  /** Whether every comma might separate thousands. */
  private isThousands = true;

  constructor(path: string, layout: Layout, commas: boolean) {
    this.path = path;
    this.layout = layout;
    this.commas = commas;
    this.features = layout.names.map((_, i) => i).filter((i) => i !== layout.label);
    this.values = new Growing(path);
    this.states = this.features.map(() => ({
      fault: undefined,
      empty: 0,
      start: undefined,
      isCounting: true,
    }));
    this.distinct = layout.unnamed[0] === true ? new Set() : undefined;
  }

  /** @throws DatasetError */
  add(cells: readonly string[], line: number): void {
    const { features, states, layout } = this;
    for (let f = 0; f < features.length; f++) {
      const column = features[f] ?? 0;
      const text = cells[column] ?? '';
      const state = states[f];
      const value = this.numberOf(text, line);
      this.values.push(value ?? 0);
      if (state === undefined) continue;
      if (value === undefined) {
        if (layout.unnamed[column] !== true && !(text === '' && !layout.headed && this.mayBeEmpty(f, state)))
          throw this.faulty(column, { text, line });
        if (text === '') state.empty++;
        state.fault ??= { line, text };
      }
      state.start ??= value;
      if (value !== (state.start ?? NaN) + this.rows || !Number.isInteger(value)) state.isCounting = false;
    }
    if (this.distinct !== undefined && features[0] === 0) {
      const text = cells[0] ?? '';
      if (text === '' || this.distinct.has(text)) this.distinct = undefined;
      else if (this.distinct.size < MOST_DISTINCT) this.distinct.add(text);
    }
    this.rows++;
  }

  /** Without a header, the empty column behind a comma at the end of each line has no name either. */
  private mayBeEmpty(feature: number, { empty }: State): boolean {
    return feature === this.features.length - 1 && empty === this.rows;
  }

  private numberOf(text: string, line: number): number | undefined {
    if (isNumeral(text)) {
      if (this.commas && this.point === undefined && text.includes('.')) this.point = { line, text };
      const value = Math.fround(Number(text));
      return Number.isFinite(value) ? value : undefined;
    }
    if (!this.commas || !DECIMAL_COMMA.test(text)) return undefined;
    this.comma ??= { line, text };
    if (!THREE_DIGITS.test(text)) this.isThousands = false;
    return Number(text.replace(',', '.'));
  }

  private faulty(column: number, { text, line }: Fault): DatasetError {
    const what =
      text === ''
        ? 'the value is missing. Fill it in'
        : isNumeral(text)
          ? `${text} is beyond what float32 holds. Correct it`
          : DECIMAL_COMMA.test(text)
            ? `"${text}" is not a number. Write decimals with a point, or semicolons between the columns`
            : `"${text}" is not a number. Correct it`;
    return new DatasetError(
      `${this.path}, line ${String(line)}, ${this.nameOf(column)}: ${what}, or remove the line.`,
    );
  }

  private nameOf(column: number): string {
    const name = this.layout.names[column] ?? '';
    return this.layout.unnamed[column] === true ? `${name} (counted from 0, without a name)` : name;
  }

  /** @throws DatasetError */
  finish(rows: number, say: (text: string) => void): TableValues {
    this.checkCommas(say);
    const { features, states, layout, path } = this;
    const left: string[] = [];
    const leaveOut = (column: number, why: string): false => {
      left.push(this.nameOf(column));
      say(`${path}: ${this.nameOf(column)} ${why} and is left out.`);
      return false;
    };
    const kept = features.flatMap((column, f) => {
      const { fault, empty, isCounting } = states[f] ?? { fault: undefined, empty: 0, isCounting: false };
      const isUsed = (): boolean => {
        if (rows > 0 && empty === rows) return leaveOut(column, 'is empty');
        if (column === 0 && this.isRowNumber(isCounting, fault)) return leaveOut(column, 'numbers the lines');
        if (fault !== undefined) throw this.faulty(column, fault);
        if (column === 0 && !layout.headed && isCounting && rows >= MANY_ROWS) {
          say(`${path}: column 0 numbers the lines. Remove it if it says nothing of the samples.`);
        }
        return true;
      };
      return isUsed() ? [f] : [];
    });
    const values = new Float32Array(rows * kept.length);
    for (let r = 0; r < rows; r++) {
      for (let k = 0; k < kept.length; k++) {
        values[r * kept.length + k] = this.values.at(r * features.length + (kept[k] ?? 0));
      }
    }
    return { values, names: kept.map((f) => layout.names[features[f] ?? 0] ?? ''), left };
  }

  private isRowNumber(isCounting: boolean, fault: Fault | undefined): boolean {
    if (this.rows < 2) return false;
    if (this.layout.unnamed[0] !== true) return isCounting && ROW_NUMBER.test(this.layout.names[0] ?? '');
    if (isCounting) return true;
    // What pandas and R write beside a table that was shuffled or has names for its rows.
    const texts = this.distinct;
    return texts !== undefined && (fault !== undefined || [...texts].every((text) => /^\d+$/.test(text)));
  }

  private checkCommas(say: (text: string) => void): void {
    const { comma, point, path } = this;
    if (comma === undefined) return;
    if (point !== undefined || this.isThousands) {
      const why =
        point === undefined
          ? 'may be a thousand or a little more than one'
          : `has a decimal comma, and line ${String(point.line)} a decimal point (${point.text})`;
      throw new DatasetError(
        `${path}, line ${String(comma.line)}: "${comma.text}" ${why}. Write all decimals with a point.`,
      );
    }
    say(`${path}: numbers such as ${comma.text} are read with a decimal comma.`);
  }
}

/** So many lines in a row are not numbered by chance. */
const MANY_ROWS = 10;

/** Doubles its room as it grows, up to what fits into memory. */
class Growing {
  private values = new Float32Array(1024);
  private readonly place: string;
  length = 0;

  /** @param place begins the message when there are too many */
  constructor(place: string) {
    this.place = place;
  }

  /** @throws DatasetError when they do not fit into memory */
  push(value: number): void {
    if (this.length === this.values.length) {
      refuseLarge(this.values.byteLength * 2, this.place);
      const larger = new Float32Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  at(index: number): number {
    return this.values[index] ?? 0;
  }
}
