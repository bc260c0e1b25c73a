/** `nasturtium deploy`: a trained trial as a project that builds as it is. */

import path from 'node:path';
import { visibleLine } from '../../engine/space/index.ts';
import { cIdentifier } from '../../engine/model/index.ts';
import { exitCode } from '../exit-codes.ts';
import { type Io, printJson } from '../io.ts';
import { chosenTrial } from './chosen-trial.ts';
import { write } from './export.ts';
import { type FirmwareFolder, ownNetwork } from './own-kernels.ts';

export interface DeployOptions {
  /** Number or `best`. */
  readonly trial: string;
  /** The run's first target by default. */
  readonly board?: string | undefined;
  /** A folder. */
  readonly out: string;
  readonly json: boolean;
}

export async function deploy(
  io: Io,
  folder: string,
  { trial, board: asked, out, json }: DeployOptions,
  { firmware }: FirmwareFolder,
): Promise<number> {
  const chosen = chosenTrial(io, folder, { trial, target: asked });
  const name = cIdentifier(chosen.name);
  const { network, files: sources } = await ownNetwork(chosen, name, firmware);
  // Loaded already, with the network.
  const { project, shippedFirmware } = await import('../../firmware-probe/deploy/index.ts');
  const { board } = chosen.target;
  const request = {
    name,
    quantized: chosen.model,
    sources,
    board: { name: board.name, core: board.core, features: board.features, chip: board.probe?.image },
  };
  const { files, program } = project(request, firmware ?? shippedFirmware);
  const paths = new Map([...files].map(([file, text]) => [path.join(out, file), text]));
  write(paths);
  const written = [...paths.keys()];
  if (json) {
    printJson(io, {
      schema: 1,
      board: board.id,
      name,
      program: program ?? null,
      arenaBytes: network.arenaBytes,
      files: written,
    });
    return exitCode.ok;
  }
  for (const file of written) io.out(`${visibleLine(file)}\n`);
  const alone = `There is no start-up code for ${board.name} here, so the project is a library: link it into a program of yours, or open its example in Arduino. A program is made for virtual boards, as with --board virtual:m4.`;
  const whole = `Build it with "cmake -B build -DCMAKE_TOOLCHAIN_FILE=toolchain.cmake" and "cmake --build build" in ${out}.`;
  io.err(`${visibleLine(program === undefined ? alone : whole)}\n`);
  return exitCode.ok;
}
