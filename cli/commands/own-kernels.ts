/** Trials as C on the kernels of this project, which needs no runtime. */

import { shippedProfiles, type Target } from '../../engine/cost/index.ts';
import { reasonOf } from '../../engine/files/index.ts';
import type { NetworkC } from '../../firmware-probe/deploy/index.ts';
import { CliError } from '../exit-codes.ts';
import { type ChosenTrial, dataForC, linesOf } from './chosen-trial.ts';

export interface FirmwareFolder {
  /** Where the C lies that is written beside networks; that of the source when `undefined`. */
  readonly firmware?: string | undefined;
}

/** The runtime that stands for the kernels. */
const RUNTIME = 'nasturtium-probe';

/** The same board with the kernels of this project, which run on any. */
export function onOwnKernels(target: Target): Target {
  const runtime = shippedProfiles.runtimes.find(({ id }) => id === RUNTIME);
  if (runtime === undefined) throw new Error(`There is no runtime ${RUNTIME}.`);
  if (target.runtime.id === RUNTIME) return target;
  const { versions = [], flags: levels = [] } = runtime.counted ?? {};
  const [[made], [flags]] = [versions, levels];
  const build = made && flags !== undefined ? { version: made.version, flags } : undefined;
  return { ...target, runtime, build };
}

export interface OwnNetwork {
  readonly network: NetworkC;
  /** The network and the kernels that it needs, by name. */
  readonly files: ReadonlyMap<string, string>;
}

/** Throws a {@link CliError} where the network cannot be written so. */
export async function ownNetwork(
  chosen: ChosenTrial,
  name: string,
  firmware: string | undefined,
): Promise<OwnNetwork> {
  // Loaded when asked for: it has the arithmetic of training with it.
  const { KernelSources, networkC, shippedFirmware } = await import('../../firmware-probe/deploy/index.ts');
  const kernels = new KernelSources(firmware ?? shippedFirmware);
  const request = {
    name,
    quantized: chosen.model,
    target: onOwnKernels(chosen.target),
    data: dataForC(chosen),
    provenance: linesOf(chosen.provenance),
  };
  const network = written(() => networkC(request, kernels), chosen);
  const files = new Map<string, string>([
    [`${name}.h`, network.header],
    [`${name}.c`, network.source],
    ...kernels.filesOf(network.kernels),
  ]);
  return { network, files };
}

function written<T>(make: () => T, { trial, view }: ChosenTrial): T {
  try {
    return make();
  } catch (error) {
    const place = `Trial ${trial.trial} of ${view.folder} cannot be written as C that needs no runtime.`;
    throw new CliError('problems', `${place} ${reasonOf(error)} Or export it with --format tflite.`, {
      cause: error,
    });
  }
}
