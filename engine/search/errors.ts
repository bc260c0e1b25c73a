import type { TextPlace } from './types.ts';

/** Failures of a search that a person can mend. The message says what happened, where, and what to do. */
export type SearchErrorCode =
  /** No architecture meets the constraints. */
  | 'infeasible'
  /** The program or its settings cannot be searched. */
  | 'settings'
  /** The run folder exists already, is missing, or belongs to something else. */
  | 'folder'
  /** Another search is working in the run folder. */
  | 'locked'
  /** The run folder cannot be written: read-only or full. */
  | 'storage'
  /** The journal is damaged or does not belong to the run. */
  | 'journal'
  /** The dataset is missing or malformed. */
  | 'dataset'
  /** Worker processes cannot be started. */
  | 'workers'
  /** Every trial failed. */
  | 'trials';

export class SearchError extends Error {
  override readonly name = 'SearchError';
  readonly code: SearchErrorCode;
  /** What has to be mended, where that is a place in a text. */
  readonly place: TextPlace | undefined;

  constructor(
    code: SearchErrorCode,
    message: string,
    { place, ...options }: ErrorOptions & { readonly place?: TextPlace } = {},
  ) {
    super(message, options);
    this.code = code;
    this.place = place;
  }
}
