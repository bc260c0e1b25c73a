/** Changes of number format. */

import { template } from '../../operators/catalogue.ts';
import { rescale, table, valuewise } from './activations.ts';

export const formats = {
  /** Nothing changes in training; in 8 bits it is another scale. */
  quantize: valuewise(
    (x) => x,
    (x, y) => table(rescale(x, y)),
  ),
};

/** What gives a tensor a scale of its own. */
export const toInt8 = template('quantize', { dtype: 'int8' });
