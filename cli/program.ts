/** The commands with their options and what `--help` teaches. */

import { fits, runningStrategies, strategies, strategySettings, visibleLine } from '../engine/space/index.ts';
import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { boards, type BoardsOptions } from './commands/boards.ts';
import { check, type CheckOptions } from './commands/check.ts';
import { cost, type CostOptions } from './commands/cost.ts';
import { deploy, type DeployOptions } from './commands/deploy.ts';
import { exportFormats, type ExportOptions, exportTrial } from './commands/export.ts';
import { doctor, type DoctorOptions } from './commands/doctor.ts';
import { fmt, type FmtOptions } from './commands/fmt.ts';
import { front, type FrontOptions } from './commands/front.ts';
import { profile, type ProfileCommandOptions, type ProfileInstallation } from './commands/profile.ts';
import {
  type Installation,
  type ProgressOptions,
  resume,
  search,
  type SearchOptions,
} from './commands/search.ts';
import type { FirmwareFolder } from './commands/own-kernels.ts';
import type { Io } from './io.ts';
import { asTyped } from './invocation.ts';

export interface Surroundings extends Installation, ProfileInstallation, FirmwareFolder {
  readonly version: string;
  /** Serves the language server on the standard streams; returns when it listens. */
  readonly serveLanguage: () => Promise<void>;
}

/** The example of a clone where this is one, so that what the help shows can be typed. */
const example = existsSync('examples/fashion-mnist.nas') ? 'examples/fashion-mnist.nas' : 'space.nas';

/** Commands as they are typed, and behind them what they do. */
function table(rows: readonly (readonly [command: string, does: string])[]): string {
  const typed = rows.map(([command, does]) => [`  $ ${asTyped(command)}`, does] as const);
  const width = Math.max(...typed.map(([command]) => command.length));
  return typed.map(([command, does]) => `${command.padEnd(width)}  ${does}`).join('\n');
}

/** `run` hears of the exit code of the command that was asked for. */
export function createProgram(io: Io, surroundings: Surroundings, run: (code: number) => void): Command {
  const program = new Command('nasturtium')
    .description(
      'Hardware-aware neural architecture search for microcontrollers.\n' +
        'Write a search space in a .nas file; see what every layer costs on your board; search; export int8 models.',
    )
    .version(surroundings.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => io.err(text),
      // An argument in it may hold line ends.
      outputError: (text, write) => write(`${visibleLine(text.trimEnd())}\n`),
    })
    .showHelpAfterError('Run with --help for the options and examples.')
    .addHelpText(
      'after',
      `
Begin with:
${table([
  ['boards', 'what can stand in a target'],
  [`check ${example}`, 'problems, as the editor shows them'],
  [`cost ${example} --arch max`, 'what every layer costs'],
  [`search ${example}`, 'train and compare architectures'],
  ['export runs/... --trial best -o out', 'an int8 .tflite and C source'],
  [`profile ${example} --board virtual:rp2040`, 'measure layers on a board'],
])}

Every command takes --json; docs/cli.md describes what it prints.
Exit codes: 0 done, 1 problems found, 2 wrong usage, 3 a file cannot be read or written,
4 a search cannot go on, 5 a board does not answer, 130 interrupted.`,
    );
  const examples = (command: Command, lines: readonly string[]) =>
    command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  $ ${asTyped(line)}`).join('\n')}`);
  /** For every command that prices something. */
  const profiles = [
    '--profiles <dir>',
    'a folder with boards/*.json and runtimes/*.json of your own; may be given again',
    (folder: string, before: readonly string[] = []): readonly string[] => [...before, folder],
  ] as const;
  const json = ['--json', 'print one JSON document (schema version 1)', false] as const;

  examples(
    program
      .command('check')
      .description(
        'Finds problems in .nas files, and in boards and runtimes of your own, as the editor underlines them.',
      )
      .argument(
        '<path...>',
        'files, folders to look through for .nas files and .nasturtium, or - for standard input',
      )
      .option(...profiles)
      .option(...json)
      .action(async (paths: string[], options: CheckOptions) => run(await check(io, paths, options))),
    ['check space.nas', 'check examples --json', 'check .nasturtium/boards/my-board.json'],
  );

  examples(
    program
      .command('cost')
      .description(
        'Prices one architecture on a target: MACs, latency, RAM, flash and energy of every layer.\n' +
          'A space without choices is a network and has one architecture; so has a .tflite.',
      )
      .argument('<file>', 'a .nas file, - for one on standard input, or a .tflite model')
      .option('--target <board>', "the board; the file's first target by default")
      .option('--runtime <name>', "kernel library, such as tflm+cmsis-nn; the board's default by default")
      .option(
        '--flags <level>',
        'optimisation of the kernels, such as O3 or Os; what is usual on the board by default',
      )
      .option('--clock <MHz>', 'core clock', positive)
      .option(
        '--arch <which>',
        'min, median, max, a seed, a JSON file of decisions, or a decided .nas',
        'max',
      )
      .option('--space <name>', "when the file has several; the file's first by default")
      .option('--report <file>', 'write an HTML page with the layers and the memory over the inference')
      .option('--stdin', 'read the text of the .nas file from standard input; <file> says where imports are')
      .option('--detail', 'with --json: also the memory plan and every remark', false)
      .option(...profiles)
      .option(...json)
      .action(async (file: string, options: CostOptions) => run(await cost(io, file, options))),
    [
      'cost space.nas',
      'cost space.nas --arch min --target pico',
      'cost space.nas --arch 42 --json       a uniformly drawn architecture, seed 42',
      'cost space.nas --arch trial.json      decisions as "front --json" prints them',
      'cost model.tflite --target pico --report cost.html',
    ],
  );

  examples(
    program
      .command('profile')
      .description(
        'Runs the layers of a file on a board, checks what they put out, and keeps what they took beside the file,\n' +
          'in .nasturtium/boards, where the editor and every command find it. The probe is loaded into RAM: what is in\n' +
          'the flash of the board stays. A virtual board needs nothing: virtual:rp2040, or virtual:m4 with QEMU.',
      )
      .argument('<file>', 'a .nas file')
      .option('--board <board>', "the board; the file's first target by default")
      .option('--arch <which>', 'layers of one architecture alone: min, median, max, a seed, or a file')
      .option('--space <name>', "when the file has several; the file's first by default")
      .option('--layers <n>', 'most layers that run, those that tell most first', wholeFrom(1), 40)
      .option('--repeats <n>', 'runs of each layer, 1 to 32', wholeFrom(1), 5)
      .option('--yes', 'agree to what will be loaded, without being asked', false)
      .option(...profiles)
      .addOption(
        new Option('--events', 'print what happens as it happens, one JSON object a line')
          .default(false)
          .conflicts('json'),
      )
      .option(...json)
      .action(async (file: string, options: ProfileCommandOptions) =>
        run(await profile(io, file, options, surroundings)),
      ),
    [
      'profile space.nas --board virtual:rp2040',
      'profile space.nas --board pico --arch max',
      'profile space.nas --board virtual:m4 --layers 10 --json',
    ],
  );

  examples(
    program
      .command('doctor')
      .description(
        'Says what measuring on a board needs, whether it is here, and what to do where it is not:\n' +
          'images of the probe, emulator, compiler, and the boards on USB with the right to use them.',
      )
      .option('--udev', 'print the rules that let you use the boards on Linux, and nothing else', false)
      .option(...json)
      .action(async (options: DoctorOptions) => run(await doctor(io, options, surroundings))),
    ['doctor', 'doctor --udev | sudo tee /etc/udev/rules.d/70-nasturtium.rules'],
  );

  const progressOptions = (command: Command) =>
    command
      .option('--workers <n>', 'processes that train; one per core by default', wholeFrom(1))
      .addOption(
        new Option('--events', 'print what happens as it happens, one JSON object a line')
          .default(false)
          .conflicts('json'),
      )
      .option('--json', 'print the fronts at the end as one JSON document (schema version 2)', false)
      .addOption(new Option('--evaluator-module <path>').hideHelp());

  /** What strategies have of their own. */
  const own = Object.entries(strategySettings).flatMap(([name, { number }]) =>
    number === undefined ? [] : [[name, number] as const],
  );
  const strategyOptions = (command: Command) => {
    for (const [name, form] of own) {
      const parse = (text: string): number => {
        if (!fits(Number(text), form)) throw new InvalidArgumentError(`Give ${form.expected}.`);
        return Number(text);
      };
      const having = runningStrategies.filter((each) => Object.hasOwn(strategies[each].settings, name));
      command.option(`--${name} <n>`, `of ${having.join(' and ')}, in place of what the file says`, parse);
    }
    return command;
  };

  examples(
    strategyOptions(
      progressOptions(
        program
          .command('search')
          .description(
            'Searches the space of a file: trains architectures that meet the constraints and keeps the best.\n' +
              'Ctrl+C stops; the run can be resumed, and nothing that is done is lost.',
          )
          .argument('<file>', 'a .nas file with a space, a target and a dataset'),
      ),
    )
      .option('--run <dir>', 'folder for the run; runs/<space>-<date>-<seed> beside the file by default')
      .option(...profiles)
      .option('--space <name>', 'when the file has several')
      .option('--strategy <name>', `${runningStrategies.join(', ')}, in place of what the file says`)
      .option('--trials <n>', 'number of trials in place of what the file says', wholeFrom(1))
      .option('--minutes <n>', 'time to search in place of what the file says', positive)
      .option('--seed <n>', 'in place of what the file says', wholeFrom(0))
      .option('--epochs <low..high>', 'first and last training in place of what the file says', epochs)
      .action(
        async (
          file: string,
          {
            minutes,
            epochs: fidelity,
            ...options
          }: SearchOptions & { minutes?: number; epochs?: SearchOptions['fidelity'] },
          command: Command,
        ) => {
          const budgetSeconds = minutes === undefined ? undefined : minutes * 60;
          const asked = command.opts<Readonly<Record<string, number | undefined>>>();
          const settings = Object.fromEntries(own.map(([name]) => [name, asked[name]]));
          const overrides = { budgetSeconds, fidelity, strategySettings: settings };
          run(await search(io, file, { ...options, ...overrides }, surroundings));
        },
      ),
    [
      'search examples/fashion-mnist.nas',
      'search space.nas --minutes 20 --run runs/tonight',
      'search space.nas --trials 10 --epochs 1..2 --seed 3',
    ],
  );

  examples(
    progressOptions(
      program
        .command('resume')
        .description('Goes on with a run that was stopped, with the text and settings that it began with.')
        .argument('<dir>', 'the folder of the run'),
    ).action(async (folder: string, options: ProgressOptions) =>
      run(await resume(io, folder, options, surroundings)),
    ),
    ['resume runs/clothes-20260101-120000-7'],
  );

  examples(
    program
      .command('front')
      .description('Shows the trials of a run that no other trial beats in every objective.')
      .argument('<dir>', 'the folder of a run')
      .option('--all', 'every trial, with what each lacks', false)
      .option('--trained', 'fully trained trials only, and their front', false)
      .addOption(
        new Option(
          '--print <trial>',
          'the architecture of a trial (a number or "best") as a .nas without choices',
        ).conflicts('json'),
      )
      .option(...json)
      .action((folder: string, options: FrontOptions) => run(front(io, folder, options))),
    [
      'front runs/clothes-20260101-120000-7',
      'front runs/clothes-20260101-120000-7 --print best > decided.nas',
    ],
  );

  examples(
    program
      .command('export')
      .description(
        'Writes the trained int8 model of a trial: .tflite, its .nas, C source and a report of costs.',
      )
      .argument('<dir>', 'the folder of a run')
      .requiredOption('--trial <which>', 'number of the trial, or "best"')
      .requiredOption('-o, --out <path>', 'a folder, or one file that ends in .tflite')
      .addOption(
        new Option('--format <which>', 'a model for a runtime, or C with kernels that needs none')
          .choices(exportFormats)
          .default('tflite'),
      )
      .option('--c', 'C source even beside a single file')
      .option('--no-c', 'no C source')
      .option('--target <board>', "the board whose costs the report states; the run's first by default")
      .option(...json)
      .action(async (folder: string, options: ExportOptions) =>
        run(await exportTrial(io, folder, options, surroundings)),
      ),
    [
      'export runs/clothes-20260101-120000-7 --trial best -o model',
      'export runs/clothes-20260101-120000-7 --trial best -o firmware/net --format c',
      'export runs/clothes-20260101-120000-7 --trial 12 -o firmware/net.tflite --c',
    ],
  );

  examples(
    program
      .command('deploy')
      .description(
        'Makes a project of a trial that builds as it is, with CMake, PlatformIO or Arduino: the network as C with the\n' +
          'kernels that it calls, and a program that runs it on a sample and says what that takes.',
      )
      .argument('<dir>', 'the folder of a run')
      .requiredOption('--trial <which>', 'number of the trial, or "best"')
      .requiredOption('-o, --out <dir>', 'a folder')
      .option('--board <board>', "the board that it is for; the run's first by default")
      .option(...json)
      .action(async (folder: string, options: DeployOptions) =>
        run(await deploy(io, folder, options, surroundings)),
      ),
    ['deploy runs/clothes-20260101-120000-7 --trial best --board virtual:m4 -o firmware'],
  );

  examples(
    program
      .command('fmt')
      .description('Lays .nas files out in the one way, in place. "-" reads standard input and prints.')
      .argument('<path...>', 'files, folders, or -')
      .option('--check', 'change nothing; exit with 1 and name the files that are not formatted', false)
      .option(...json)
      .action(async (paths: string[], options: FmtOptions) => run(await fmt(io, paths, options))),
    ['fmt space.nas', 'fmt --check .', 'fmt - < space.nas'],
  );

  examples(
    program
      .command('boards')
      .description('Lists the boards that a target can name, with their runtimes.')
      .option('--template <name>', 'print a board or runtime as JSON, to start one of your own from')
      .option(...profiles)
      .option(...json)
      .action((options: BoardsOptions) => run(boards(io, options))),
    [
      'boards',
      'boards --profiles ~/boards      with those of a folder of yours',
      'boards --template pico > .nasturtium/boards/my-board.json',
    ],
  );

  program
    .command('lsp')
    .description('Serves the language server to an editor (LSP 3.18).')
    .requiredOption('--stdio', 'over standard input and output')
    .action(() => surroundings.serveLanguage());

  return program;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value))
    throw new InvalidArgumentError('Give a number greater than 0.');
  return value;
}

function wholeFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least) {
      throw new InvalidArgumentError(`Give a whole number from ${least} on.`);
    }
    return value;
  };
}

function epochs(text: string): { low: number; high: number } {
  const [low = NaN, high = low] = text.split('..').map(Number);
  // Below one, a share of the training images.
  const possible = (n: number): boolean => Number.isInteger(n) || n < 1;
  if (!possible(low) || !possible(high) || !(low > 0) || high < low) {
    throw new InvalidArgumentError('Give epochs as low..high, such as 3..30 or 0.25..12.');
  }
  return { low, high };
}
