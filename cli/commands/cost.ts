/** `nasturtium cost`: what an architecture or a model costs on a target, layer by layer. */

import path from 'node:path';
import { writeWhole } from '../../engine/files/index.ts';
import { price } from '../../engine/cost/index.ts';
import {
  asModel,
  costDetail,
  costHtml,
  costReport,
  modelCostReport,
  priceModel,
  readTflite,
  type TfliteProblem,
} from '../../engine/model/index.ts';
import { visibleLine } from '../../engine/space/index.ts';
import { chooseArchitecture, chooseSpace, chooseTarget, type TargetOptions } from '../architecture.ts';
import { CliError, exitCode, ioError } from '../exit-codes.ts';
import { type Io, printJson, stdinPath } from '../io.ts';
import { profilesFor } from '../profiles.ts';
import { loadProgram, readBytes } from '../sources.ts';
import { costTable, type Subject } from './cost-table.ts';

export interface CostOptions extends TargetOptions {
  readonly arch?: string | undefined;
  readonly space?: string | undefined;
  /** Where to write an HTML report. */
  readonly report?: string | undefined;
  /** The text of the file comes on standard input; its name says where imports are. */
  readonly stdin?: boolean | undefined;
  /** The memory plan and everything else that a page shows, in the JSON. */
  readonly detail?: boolean | undefined;
  readonly json: boolean;
}

/** Every choice at the last option written, which by custom is the largest. */
const defaultArchitecture = 'max';

interface Priced extends Subject {
  /** Of the file it was read from. */
  readonly problems: readonly TfliteProblem[];
  readonly isModel: boolean;
}

export async function cost(io: Io, file: string, options: CostOptions): Promise<number> {
  const isModel = file.toLowerCase().endsWith('.tflite');
  const subject = isModel ? modelSubject(io, file, options) : await programSubject(io, file, options);
  const { priced, title, problems } = subject;
  if (options.report !== undefined)
    writeReport(options.report, costHtml(costDetail(priced, title, problems)));
  if (options.json) {
    const [first] = priced.graphs;
    const report =
      isModel || first === undefined ? modelCostReport(priced) : costReport(first.cost, priced.target);
    const detail = options.detail === true ? { detail: costDetail(priced, title, problems) } : {};
    printJson(io, { ...report, ...detail });
  } else io.out(`${costTable(io, subject).join('\n')}\n`);
  return exitCode.ok;
}

async function programSubject(io: Io, file: string, options: CostOptions): Promise<Priced> {
  const program = loadProgram(
    file,
    options.stdin === true || file === stdinPath ? await io.stdin() : undefined,
  );
  const space = chooseSpace(program, options.space);
  const [unread] = program.analysis.parse.problems;
  if (unread !== undefined) {
    const line = program.text.slice(0, unread.start).split('\n').length;
    io.err(`${visibleLine(`${file} is priced as far as it can be read. Line ${line}: ${unread.message}`)}\n`);
  }
  const target = chooseTarget(program.analysis, file, options, profilesFor(io, file, options));
  const arch = options.arch ?? defaultArchitecture;
  const { network, name } = chooseArchitecture(space, arch, target);
  const single = space.size().count === 1n;
  return {
    priced: asModel(space.name, network, price(network, target), target),
    title: single ? space.name : `${space.name}, architecture ${name}`,
    asked: single ? undefined : arch,
    space: single ? undefined : space,
    problems: [],
    isModel: false,
  };
}

/** A model that somebody else trained. What is odd about it goes to standard error. */
function modelSubject(io: Io, file: string, options: CostOptions): Priced {
  const model = readTflite(readBytes(file, 'model'), file);
  const target = chooseTarget(undefined, file, options, profilesFor(io, file, options));
  const { network, problems } = model;
  if (network === undefined) {
    throw new CliError(
      'problems',
      `${file} cannot be priced. ${problems.map(({ message }) => message).join(' ')}`,
    );
  }
  for (const { severity, message } of problems)
    io.err(`${visibleLine(`${file}: ${severity}: ${message}`)}\n`);
  const title = path.basename(file);
  return { priced: priceModel(model, target), title, space: undefined, problems, isModel: true };
}

function writeReport(file: string, html: string): void {
  try {
    writeWhole(file, html, { special: 'write' });
  } catch (error) {
    throw ioError(file, error);
  }
}
