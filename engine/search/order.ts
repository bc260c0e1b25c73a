/**
 * The order in which a strategy hears of results, which makes a run independent of its workers.
 *
 * With a look-ahead of `a`, trial n is proposed when the results of trials 0 to n - a have been told, in that
 * order, and no later ones, even if those are known already. So what is proposed depends on the seed and on the
 * results, never on which worker was faster or on how many there are. The look-ahead is part of a run's
 * settings: up to `a` trials can be worked on at a time.
 */
export const lookAhead = {
  /** The least that keeps a few workers busy; on the tables of test/bench 8 cost NSGA-II less than 0.01 hypervolume. */
  default: 4,
  /** For a new run: enough that no worker waits for the slowest as a rule. The same for one worker and for two. */
  forWorkers: (workers: number): number => Math.max(lookAhead.default, Math.ceil(1.5 * workers)),
  /** How many results must have been told before trial number `trial` (from 0) is proposed. */
  mustBeTold: (trial: number, ahead: number): number => Math.max(0, trial - ahead + 1),
};
