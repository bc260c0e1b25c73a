/** What the language says of a search strategy; how it proposes stands in `engine/search/strategies`. */

import type { SettingForms } from '../settings/forms.ts';

/**
 * Where the weights of a trial come from: trained for itself, taken from a network that holds all architectures (Cai et
 * al., "Once-for-All", ICLR 2020), or from one whose choices are trained with its weights (Liu et al., "DARTS", ICLR 2019).
 */
export type WeightsFrom = 'scratch' | 'supernet' | 'relaxed';

export interface StrategyRow {
  /** One line, for lists of completions. */
  readonly summary: string;
  /** Markdown, for hovers and the reference. */
  readonly documentation: string;
  /** Beyond those that every search has. Those with a number reach the strategy, with their default where nothing is written. */
  readonly settings: SettingForms;
  readonly weights: WeightsFrom;
  /** False: it can be written, and a diagnostic says that it does not run yet. */
  readonly runs: boolean;
}
