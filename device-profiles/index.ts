/** The boards and runtimes that ship with Nasturtium, as data. */

import nano33Ble from './boards/nano-33-ble.json' with { type: 'json' };
import nucleoF446re from './boards/nucleo-f446re.json' with { type: 'json' };
import nucleoF746zg from './boards/nucleo-f746zg.json' with { type: 'json' };
import nucleoF767zi from './boards/nucleo-f767zi.json' with { type: 'json' };
import nucleoL4r5zi from './boards/nucleo-l4r5zi.json' with { type: 'json' };
import pico from './boards/pico.json' with { type: 'json' };
import tflm from './runtimes/tflm.json' with { type: 'json' };
import tflmCmsisNn from './runtimes/tflm-cmsis-nn.json' with { type: 'json' };
import type { Board, Runtime } from './types.ts';

export type * from './types.ts';

/**
 * JSON modules have widened types (a tag is `string`); the schema test checks that every file is what it is
 * declared to be.
 */
export const boards: readonly Board[] = [
  nucleoF446re,
  nucleoL4r5zi,
  nucleoF746zg,
  nucleoF767zi,
  nano33Ble,
  pico,
] as readonly unknown[] as readonly Board[];

export const runtimes: readonly Runtime[] = [tflmCmsisNn, tflm] as readonly unknown[] as readonly Runtime[];
