/** The boards and runtimes that ship with Nasturtium, as data. */

// generated: imports of profiles

import nucleoF446re from './boards/nucleo-f446re.json' with { type: 'json' };
import bU585iIot02a from './boards/b-u585i-iot02a.json' with { type: 'json' };
import corstone300 from './boards/corstone-300.json' with { type: 'json' };
import ekRa6m4 from './boards/ek-ra6m4.json' with { type: 'json' };
import ekRa8d1 from './boards/ek-ra8d1.json' with { type: 'json' };
import esp32C3Devkitm1 from './boards/esp32-c3-devkitm-1.json' with { type: 'json' };
import esp32Devkitc from './boards/esp32-devkitc.json' with { type: 'json' };
import esp32S3Devkitc1 from './boards/esp32-s3-devkitc-1.json' with { type: 'json' };
import nano33Ble from './boards/nano-33-ble.json' with { type: 'json' };
import niclaSenseMe from './boards/nicla-sense-me.json' with { type: 'json' };
import nrf5340Dk from './boards/nrf5340-dk.json' with { type: 'json' };
import nucleoF746zg from './boards/nucleo-f746zg.json' with { type: 'json' };
import nucleoF767zi from './boards/nucleo-f767zi.json' with { type: 'json' };
import nucleoG0b1re from './boards/nucleo-g0b1re.json' with { type: 'json' };
import nucleoH743zi from './boards/nucleo-h743zi.json' with { type: 'json' };
import nucleoH7a3ziQ from './boards/nucleo-h7a3zi-q.json' with { type: 'json' };
import nucleoL4r5zi from './boards/nucleo-l4r5zi.json' with { type: 'json' };
import nucleoL552zeQ from './boards/nucleo-l552ze-q.json' with { type: 'json' };
import nucleoU575ziQ from './boards/nucleo-u575zi-q.json' with { type: 'json' };
import pico from './boards/pico.json' with { type: 'json' };
import pico2 from './boards/pico-2.json' with { type: 'json' };
import pixel4 from './boards/pixel-4.json' with { type: 'json' };
import redboardArtemis from './boards/redboard-artemis.json' with { type: 'json' };
import stm32h747iDisco from './boards/stm32h747i-disco.json' with { type: 'json' };
import virtualM3 from './boards/virtual-m3.json' with { type: 'json' };
import virtualM33 from './boards/virtual-m33.json' with { type: 'json' };
import virtualM4 from './boards/virtual-m4.json' with { type: 'json' };
import virtualM55 from './boards/virtual-m55.json' with { type: 'json' };
import virtualM7 from './boards/virtual-m7.json' with { type: 'json' };
import virtualRp2040 from './boards/virtual-rp2040.json' with { type: 'json' };
import tflmCmsisNn from './runtimes/tflm-cmsis-nn.json' with { type: 'json' };
import litertXnnpack from './runtimes/litert-xnnpack.json' with { type: 'json' };
import microtvm from './runtimes/microtvm.json' with { type: 'json' };
import microtvmCmsisNn from './runtimes/microtvm-cmsis-nn.json' with { type: 'json' };
import nasturtiumProbe from './runtimes/nasturtium-probe.json' with { type: 'json' };
import tflm from './runtimes/tflm.json' with { type: 'json' };
import tflmCmsisNn2020 from './runtimes/tflm-cmsis-nn-2020.json' with { type: 'json' };
import tflmEspNn from './runtimes/tflm-esp-nn.json' with { type: 'json' };
import tflmEthosU from './runtimes/tflm-ethos-u.json' with { type: 'json' };
import tinyengine from './runtimes/tinyengine.json' with { type: 'json' };
import xCubeAi7 from './runtimes/x-cube-ai-7.json' with { type: 'json' };
import xCubeAi8 from './runtimes/x-cube-ai-8.json' with { type: 'json' };
import xCubeAi9 from './runtimes/x-cube-ai-9.json' with { type: 'json' };

// end: imports of profiles
import debugProbesJson from './debug-probes.json' with { type: 'json' };
import type { Board, Runtime, UsbIdentity } from './types.ts';

export type * from './types.ts';
export { interpreterNamed, interpreters } from './interpreters.ts';
export type { WholeInterpreter } from './interpreters.ts';
export { countedCores, kernelLibrary, kernelLibraryIds } from './kernels.ts';

/**
 * JSON modules have widened types (a tag is `string`); the schema test checks that every file is what it is
 * declared to be.
 */
// generated: boards

export const boards: readonly Board[] = [
  nucleoF446re,
  bU585iIot02a,
  corstone300,
  ekRa6m4,
  ekRa8d1,
  esp32C3Devkitm1,
  esp32Devkitc,
  esp32S3Devkitc1,
  nano33Ble,
  niclaSenseMe,
  nrf5340Dk,
  nucleoF746zg,
  nucleoF767zi,
  nucleoG0b1re,
  nucleoH743zi,
  nucleoH7a3ziQ,
  nucleoL4r5zi,
  nucleoL552zeQ,
  nucleoU575ziQ,
  pico,
  pico2,
  pixel4,
  redboardArtemis,
  stm32h747iDisco,
  virtualM3,
  virtualM33,
  virtualM4,
  virtualM55,
  virtualM7,
  virtualRp2040,
] as readonly unknown[] as readonly Board[];

// end: boards

// generated: runtimes

export const runtimes: readonly Runtime[] = [
  tflmCmsisNn,
  litertXnnpack,
  microtvm,
  microtvmCmsisNn,
  nasturtiumProbe,
  tflm,
  tflmCmsisNn2020,
  tflmEspNn,
  tflmEthosU,
  tinyengine,
  xCubeAi7,
  xCubeAi8,
  xCubeAi9,
] as readonly unknown[] as readonly Runtime[];

// end: runtimes

/** Debug probes that are on no board: which chip is behind them, the chip says. */
export const debugProbes = debugProbesJson as readonly unknown[] as readonly UsbIdentity[];
