/**
 * What goes over the wire beside LSP, and the ids of commands that code lenses carry. `docs/protocol.md` tells
 * other clients the same; a test compares the two.
 */

import type { HoverParams } from 'vscode-languageserver';
import type { ScheduledMetric } from '../../engine/space/metrics.ts';

/**
 * Commands that a client provides; arguments `[uri, spaceName]`. Code lenses carry them; `costs` and `explain` stand in
 * links of hovers, where a client says that it runs them (experimental capability `nasturtiumCommandLinks`).
 */
export const commands = {
  search: 'nasturtium.search',
  costs: 'nasturtium.costs',
  profile: 'nasturtium.profile',
  /** Arguments `[uri, line, character]`, counted from 0. */
  showProblem: 'nasturtium.showProblem',
  /** Asks for the hover at a place with its explanations, and shows it. Arguments `[uri, line, character]`, counted from 0. */
  explain: 'nasturtium.explain',
} as const;

/**
 * Of `textDocument/hover`: a client that runs links is told the numbers of a layer and where they come from in a line; with
 * `explained` all that is known.
 */
export interface ExplainedHoverParams extends HoverParams {
  readonly explained?: boolean;
}

/**
 * A notification without parameters: the person trusts the workspace from now on, so that data may be looked for. A client
 * says at the start that it does not (yet) by `"trusted": false` in `initializationOptions`.
 */
export const trustedMethod = 'nasturtium/trusted';

/** A value over the whole space: sound limits, and whether both are attained. */
export interface RangeInfo {
  readonly low: number;
  readonly high: number;
  readonly exact: boolean;
}

/** `nasturtium/spaceInfo`: what is known of the spaces of a document. Params {@link SpaceInfoParams}. */
export const spaceInfoMethod = 'nasturtium/spaceInfo';

export interface SpaceInfoParams {
  readonly textDocument: { readonly uri: string };
}

export interface SpaceInfoResult {
  /** The version that was read, as the client counts; `null` for a file that is not open. */
  readonly version: number | null;
  readonly spaces: readonly SpaceInfo[];
  /** Numbers of problems, by severity. */
  readonly problems: { readonly errors: number; readonly warnings: number };
}

export interface SpaceInfo {
  readonly name: string;
  /** Number of architectures, decimal digits, because it can exceed what a JSON number holds. */
  readonly size: string;
  /** Whether `size` is the number itself and not an upper limit. */
  readonly exact: boolean;
  /** False while problems keep the space from being searched. */
  readonly usable: boolean;
  readonly choices: number;
  readonly line: number;
  readonly targets: readonly TargetInfo[];
}

export interface ShareInfo {
  readonly value: number;
  /** Limits that hold the share with 95 % confidence; equal to `value` when all were counted. */
  readonly low: number;
  readonly high: number;
}

export interface TargetInfo {
  readonly board: string;
  readonly runtime: string;
  readonly clockHz: number;
  /** URI of the file in the workspace that the board's profile comes from; `null` for one that ships. */
  readonly origin: string | null;
  /** Milliseconds; `null` when no data supports a prediction. */
  readonly latencyMs: RangeInfo | null;
  readonly ramBytes: RangeInfo;
  readonly flashBytes: RangeInfo;
  readonly macs: RangeInfo;
  /** What the target's schedule gives, by metric and in its unit; none without a schedule. */
  readonly scheduled: Readonly<Partial<Record<ScheduledMetric, RangeInfo | undefined>>>;
  /** Share of architectures that meet every constraint by prediction; `null` until it is known. */
  readonly share: ShareInfo | null;
}
