/** Of a dataset what stays of interest when the network is trained. */

import type { DataFacts } from '../../space/data-facts.ts';
import type { Dataset } from './dataset.ts';

export function factsOf(dataset: Dataset): DataFacts {
  const { classNames, shape, normalization, columns, train, validation, test } = dataset;
  return {
    classNames,
    shape,
    values: train.values instanceof Uint8Array ? 'bytes' : 'numbers',
    normalization,
    ...(columns === undefined ? {} : { columns }),
    samples: { train: train.size, validation: validation.size, test: test.size },
  };
}
