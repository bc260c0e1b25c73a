/** What the problems of `catalogue.ts` have in common, for pages, settings and tests that go through all of them. */

import type { Severity } from '../types.ts';
import * as kinds from './catalogue.ts';

export const catalogue: readonly { readonly code: string; readonly severity: Severity }[] =
  Object.values(kinds);
