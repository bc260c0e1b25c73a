import type { TrialEvaluator } from './workers/protocol.ts';
export function createEvaluator(_context: unknown): Promise<TrialEvaluator> {
  throw new Error('later');
}
