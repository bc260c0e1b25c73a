/** Which measured rows make which profile of the libraries beside TFLM with CMSIS-NN, and their priors. */

import type { MeasuredRow } from './observations.ts';
import type { Coefficients } from './least-squares.ts';

export interface MemberSpec {
  readonly id: string;
  /** Name of the runtime file without `.json`. */
  readonly file: string;
  readonly core: string;
  /** Board ids in `device-profiles/boards`. */
  readonly boards: readonly string[];
  /** Board names in the measurements. */
  readonly measuredOn: RegExp;
  readonly hardware: string;
  readonly build: string;
  accepts(row: MeasuredRow): boolean;
}

export interface Library {
  readonly id: string;
  /** Rows lie outside the project and come from `npm run fit -- --with DIR`: their source carries no licence. */
  readonly outside: boolean;
  /** `cmsis-nn`: that of TFLM with CMSIS-NN on the Cortex-M4 with most networks; only its shape matters, not its pace. */
  readonly prior: Coefficients | 'cmsis-nn';
  readonly members: readonly MemberSpec[];
}

/**
 * Cycles on a Cortex-M7, from the inner loops: SMLAD does two multiply-accumulates, the core issues two
 * instructions at once, a value that is gathered or requantised costs some ten. The pull towards these is weak.
 */
const cortexM7Kernels: Coefficients = {
  invoke: 5000,
  'large-map.macs': 1,
  'large-map.outputs': 40,
  'large-map.im2col': 8,
  'conv-1x1.operators': 5000,
  'conv-1x1.macs': 0.9,
  'conv-1x1.outputs': 15,
  'conv-1x1.im2col': 4,
  'conv-1x1.weights': 3,
  'conv-1x1.remainderMacs16': 1,
  'conv-few-channels.operators': 5000,
  'conv-few-channels.macs': 1,
  'conv-few-channels.outputs': 40,
  'conv-few-channels.im2col': 3,
  'conv.operators': 5000,
  'conv.macs': 0.9,
  'conv.outputs': 20,
  'conv.im2col': 2,
  'depthwise.operators': 5000,
  'depthwise.innerMacs': 3,
  'depthwise.outputs': 15,
  'depthwise-multiplier.macs': 5,
  'depthwise-multiplier.outputs': 20,
  'fully-connected.operators': 2000,
  'fully-connected.macs': 1.8,
  'fully-connected.outputs': 20,
  'elementwise.operators': 2000,
  'elementwise.outputs': 12,
  'pool.operators': 2000,
  'pool.inputs': 4,
  'softmax.operators': 1000,
  'softmax.outputs': 150,
  'move.outputs': 5,
  'call.operators': 500,
};

const cubeVersions = [
  { file: 'x-cube-ai-7', from: /^X-CUBE-AI (7\.3|8\.0)/, build: 'X-CUBE-AI 7.3 and 8.0, balanced' },
  { file: 'x-cube-ai-8', from: /^X-CUBE-AI (8\.1|$)/, build: 'X-CUBE-AI 8.1, balanced' },
  { file: 'x-cube-ai-9', from: /^X-CUBE-AI (9|10)\./, build: 'X-CUBE-AI 9.0 and 10.2, balanced' },
] as const;

const cubeBoards = [
  {
    id: 'cortex-m7-h747',
    core: 'cortex-m7',
    boards: ['stm32h747i-disco'],
    measuredOn: /^STM32(H747I|F769I)-DISCO/,
    hardware: 'STM32H747I-DISCO',
  },
  {
    id: 'cortex-m7-h7a3',
    core: 'cortex-m7',
    boards: ['nucleo-h7a3zi-q'],
    measuredOn: /^NUCLEO-H7A3ZI-Q/,
    hardware: 'NUCLEO-H7A3ZI-Q',
  },
  {
    id: 'cortex-m33-u585',
    core: 'cortex-m33',
    boards: ['b-u585i-iot02a'],
    measuredOn: /^B-U585I-IOT02A/,
    hardware: 'B-U585I-IOT02A',
  },
  {
    id: 'cortex-m33-u575',
    core: 'cortex-m33',
    boards: ['nucleo-u575zi-q'],
    measuredOn: /^NUCLEO-U(575ZI|385RG)-Q/,
    hardware: 'NUCLEO-U575ZI-Q',
  },
  {
    id: 'cortex-m4-l4r5',
    core: 'cortex-m4',
    boards: ['nucleo-l4r5zi'],
    measuredOn: /^NUCLEO-L4R5ZI/,
    hardware: 'NUCLEO-L4R5ZI',
  },
] as const;

export const libraries: readonly Library[] = [
  {
    id: 'x-cube-ai',
    outside: true,
    prior: cortexM7Kernels,
    members: cubeVersions.flatMap(({ file, from, build }) =>
      cubeBoards.map((board) => ({
        ...board,
        file,
        build,
        accepts: (row: MeasuredRow) => from.test(row.runtime),
      })),
    ),
  },
  {
    id: 'tflm + cmsis-nn 2020',
    outside: false,
    prior: 'cmsis-nn',
    members: [
      {
        id: 'cortex-m4-l4r5',
        file: 'tflm-cmsis-nn-2020',
        core: 'cortex-m4',
        boards: ['nucleo-l4r5zi'],
        measuredOn: /^NUCLEO-L4R5ZI/,
        hardware: 'NUCLEO-L4R5ZI',
        build: 'TFLM 2.3.1 with TAGS=cmsis-nn, Mbed, GCC 6',
        accepts: (row) => row.kernels.includes('TF_MAKE_TAGS'),
      },
    ],
  },
  {
    id: 'tflm + cmsis-nn on Helium',
    outside: false,
    prior: 'cmsis-nn',
    members: [
      {
        id: 'cortex-m85-ra8d1',
        file: 'tflm-cmsis-nn',
        core: 'cortex-m85',
        boards: ['ek-ra8d1'],
        measuredOn: /^EK-RA8D1/,
        hardware: 'EK-RA8D1',
        build: 'CMSIS-NN 3.5.0 with Helium, 480 MHz',
        accepts: () => true,
      },
    ],
  },
  {
    id: 'microtvm',
    outside: false,
    prior: 'cmsis-nn',
    members: [
      {
        id: 'cortex-m4-l4r5',
        file: 'microtvm-cmsis-nn',
        core: 'cortex-m4',
        boards: ['nucleo-l4r5zi'],
        measuredOn: /^NUCLEO-L4R5ZI/,
        hardware: 'NUCLEO-L4R5ZI',
        build: 'Apache TVM of 2022 with CMSIS-NN, ahead of time',
        accepts: (row) => row.runtime === 'microTVM' && row.kernels === 'CMSIS-NN',
      },
      {
        id: 'cortex-m33-nrf5340',
        file: 'microtvm-cmsis-nn',
        core: 'cortex-m33',
        boards: ['nrf5340-dk'],
        measuredOn: /^nRF5340-DK/,
        hardware: 'nRF5340-DK',
        build: 'Apache TVM of 2022 with CMSIS-NN, ahead of time',
        accepts: (row) => row.runtime === 'microTVM' && row.kernels === 'CMSIS-NN',
      },
    ],
  },
  {
    id: 'tflm + esp-nn',
    outside: false,
    prior: 'cmsis-nn',
    members: [
      {
        id: 'xtensa-lx6-esp32',
        file: 'tflm-esp-nn',
        core: 'xtensa-lx6',
        boards: ['esp32-devkitc'],
        measuredOn: /^ESP32 devkit v1/,
        hardware: 'ESP32',
        build: 'esp-tflite-micro with IDF 5.5, esp-nn optimised, tensors in internal RAM',
        accepts: (row) => !row.kernels.includes('ANSI'),
      },
      {
        id: 'xtensa-lx7-esp32s3',
        file: 'tflm-esp-nn',
        core: 'xtensa-lx7',
        boards: ['esp32-s3-devkitc-1'],
        measuredOn: /^ESP32-S3$/,
        hardware: 'ESP32-S3',
        build: 'esp-tflite-micro, esp-nn assembly, tensors in internal RAM; one network',
        accepts: () => true,
      },
      {
        id: 'rv32imc-esp32c3',
        file: 'tflm-esp-nn',
        core: 'rv32imc',
        boards: ['esp32-c3-devkitm-1'],
        measuredOn: /^ESP32-C3$/,
        hardware: 'ESP32-C3',
        build: 'esp-tflite-micro, esp-nn optimised C, tensors in internal RAM; one network',
        accepts: () => true,
      },
    ],
  },
  {
    id: 'tinyengine',
    outside: false,
    prior: 'cmsis-nn',
    members: [
      {
        id: 'cortex-m7-f746',
        file: 'tinyengine',
        core: 'cortex-m7',
        boards: ['nucleo-f746zg'],
        measuredOn: /^STM32F746/,
        hardware: 'STM32F746',
        build: 'TinyEngine of 2020; clock of 216 MHz assumed',
        accepts: (row) => row.runtime.startsWith('TinyEngine'),
      },
    ],
  },
];

/** Rows whose note doubts that all channels were computed, and rows whose method is not known, are never fitted. */
export function isSound(row: MeasuredRow & { readonly dtype?: string; readonly trust?: string }): boolean {
  const int8 = row.dtype === undefined || row.dtype === 'int8';
  return int8 && row.trust !== 'D' && row.model_json !== '' && !/SUSPECTED|POSSIBLE/.test(row.note);
}
