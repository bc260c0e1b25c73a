/**
 * What the extension and the Cost View say to each other. Everything survives JSON; both sides check what arrives,
 * because a webview is a page and its messages are input.
 */

import type { CostDetail } from '../../engine/model/cost-detail.ts';

export interface BoardChoice {
  readonly id: string;
  readonly name: string;
  /** Its default first. */
  readonly runtimes: readonly string[];
}

/** Architectures of a space that can be looked at; see `--arch` of the command line. */
export const architectures = [
  { id: 'min', label: 'first options' },
  { id: 'median', label: 'median RAM' },
  { id: 'max', label: 'last options' },
] as const;
export type Architecture = (typeof architectures)[number]['id'];

/** What a person has chosen to look at; `undefined` leaves it to the file, or to what was looked at last. */
export interface Choice {
  readonly board: string | undefined;
  readonly runtime: string | undefined;
  readonly architecture: Architecture;
}

export interface CostState {
  /** A trained model, or a space with its architectures. */
  readonly subject: 'model' | 'space';
  readonly title: string;
  /** What the page is restored from when a window is opened again. */
  readonly uri: string;
  readonly space: string | undefined;
  readonly boards: readonly BoardChoice[];
  readonly choice: Choice;
  /** A newer answer is on its way. */
  readonly busy: boolean;
  readonly detail: CostDetail | undefined;
  /** Why there is no answer, in full sentences. */
  readonly failure: string | undefined;
}

export interface ToPage {
  readonly type: 'state';
  readonly state: CostState;
}

export type FromPage =
  | { readonly type: 'ready' }
  | { readonly type: 'choose'; readonly choice: Choice }
  | { readonly type: 'report' }
  /** What the page has drawn: so many layers, under this sentence. */
  | { readonly type: 'drawn'; readonly layers: number; readonly status: string }
  | { readonly type: 'reveal'; readonly line: number };

/** The message, or `undefined` for anything that is none. */
export function readFromPage(value: unknown): FromPage | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  switch (value.type) {
    case 'ready':
    case 'report':
      return { type: value.type };
    case 'reveal':
      return 'line' in value && Number.isSafeInteger(value.line) && Number(value.line) > 0
        ? { type: 'reveal', line: Number(value.line) }
        : undefined;
    case 'drawn':
      return 'layers' in value &&
        typeof value.layers === 'number' &&
        'status' in value &&
        typeof value.status === 'string'
        ? { type: 'drawn', layers: value.layers, status: value.status }
        : undefined;
    case 'choose': {
      const choice = 'choice' in value ? readChoice(value.choice) : undefined;
      return choice === undefined ? undefined : { type: 'choose', choice };
    }
    default:
      return undefined;
  }
}

/** Also reads what a page or a window remembered. */
export function readChoice(value: unknown): Choice | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const name = (key: 'board' | 'runtime'): string | undefined => {
    const text: unknown = (value as Readonly<Record<string, unknown>>)[key];
    // A name, never an option of the command line.
    return typeof text === 'string' && text !== '' && !text.startsWith('-') ? text : undefined;
  };
  const wanted: unknown = 'architecture' in value ? value.architecture : undefined;
  const architecture = architectures.find(({ id }) => id === wanted)?.id ?? 'max';
  return { board: name('board'), runtime: name('runtime'), architecture };
}
