/**
 * `npm run fit -- --own DIR`: fits a person's own measurements of their own boards. `DIR` is a folder as `.nasturtium`:
 * `measurements/rows.csv` has the times of whole networks. What boards take by them is written into `boards/*.json` beside it
 * where the kernels of the runtime were counted, and into profiles in `runtimes/*.json` where they were not, for what ships
 * into copies. Nothing in the project changes.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { loadProfiles, type LoadedProfiles } from '../../../device-profiles/load.ts';
import { countedCores } from '../../../device-profiles/index.ts';
import type { Board, Pace, Runtime } from '../../../device-profiles/types.ts';
import { parse } from '../../../grammar/index.ts';
import { analyse } from '../../space/index.ts';
import type { Network } from '../../space/network.ts';
import { ownMeasurements } from '../own-measurements.ts';
import { compiledTarget } from '../compile.ts';
import { countsOf } from '../counted.ts';
import { resolveTarget } from '../resolve.ts';
import type { Target } from '../target.ts';
import { executeNetwork, type CountedRow } from './counted-rows.ts';
import { fitProject } from './fit.ts';
import { fitLibrary } from './fit-library.ts';
import { round } from './intervals.ts';
import { coefficientsOf, mergeProfiles } from './libraries-fit.ts';
import type { Coefficients } from './least-squares.ts';
import { parseLibraries, type Library } from './libraries.ts';
import { networkFromDefinition, type NetworkDefinition } from './network-definition.ts';
import type { MeasuredRow } from './observations.ts';
import { fitCosts } from './paces.ts';
import { measurementsFolder } from './read.ts';

/** One line of `measurements/rows.csv`; `cycles` or else `latency_ms` and `clock_mhz`. */
interface OwnRow {
  readonly board?: string;
  readonly runtime?: string;
  readonly network?: string;
  readonly clock_mhz?: string;
  readonly latency_ms?: string;
  readonly cycles?: string;
  readonly build?: string;
}

export interface OwnFit {
  /** Path of the file to write. */
  readonly file: string;
  /** A runtime with profiles of its own, or a board with its pace, where the kernels of the runtime were counted. */
  readonly value: Runtime | Board;
  /** What was fitted, for people. */
  readonly fitted: readonly {
    readonly runtime: string;
    readonly boards: readonly string[];
    readonly rows: number;
    /** Nine networks in ten lie within this factor. */
    readonly within: number;
  }[];
}

/** A row with the board and runtime that it names. */
interface Measured {
  readonly target: Target;
  readonly board: Board;
  readonly runtime: Runtime;
  readonly build: string;
  readonly row: MeasuredRow;
}

/** Throws an `Error` with place, cause and cure. Writes nothing. @param date of the fit, `YYYY-MM-DD` */
export function fitOwn(folder: string, date: string): OwnFit[] {
  const loaded = readProfiles(folder);
  const measured = readRows(folder, loaded);
  const counted = measured.filter(({ target }) => countsOf(target) !== undefined);
  return [
    ...[...Map.groupBy(counted, ({ board }) => board)].map(([board, rows]) =>
      paceOfBoard(folder, date, board, rows),
    ),
    ...fitRuntimes(
      folder,
      date,
      measured.filter((each) => !counted.includes(each)),
      loaded,
    ),
  ];
}

/** Of each runtime that was counted, how fast the board is: one network already says it. */
function paceOfBoard(folder: string, date: string, board: Board, measured: readonly Measured[]): OwnFit {
  const core = countedCores[board.core];
  if (core === undefined) throw new Error(`The core ${board.core} of ${board.name} was not counted.`);
  const paces = [...Map.groupBy(measured, ({ runtime }) => runtime.id)].map(([runtime, own]): Pace => {
    const rows = own.map((each) => countedRow(folder, each));
    const { cycles, kernels } = fitCosts(rows, core.pace);
    return {
      ...core.pace,
      runtimes: [runtime],
      cycles: Object.fromEntries(
        Object.entries(cycles).map(([name, each]) => [name, round(each)]),
      ) as Pace['cycles'],
      kernels,
      measured: core.onceMeasured.operator,
      unmeasured: core.onceMeasured.operator,
      network: core.onceMeasured.network,
      rows: rows.length,
      build: [...new Set(own.map(({ build }) => build))].join('; '),
      sources: [{ title: ownMeasurements, date, note: `${rows.length} rows` }],
    };
  });
  const others = (board.paces ?? []).filter(
    ({ runtimes = [] }) =>
      !paces.some((pace) => pace.runtimes?.some((name) => runtimes.includes(name)) === true),
  );
  return {
    file: path.join(folder, 'boards', `${board.id}.json`),
    value: { ...board, paces: [...paces, ...others] },
    fitted: paces.map(({ runtimes = [], rows, network }) => ({
      runtime: runtimes.join(', '),
      boards: [board.id],
      rows,
      within: network.high,
    })),
  };
}

function countedRow(folder: string, { target, row, build }: Measured): CountedRow {
  const { board, runtime } = target;
  const executed = executeNetwork(compiledTarget(target), readNetwork(folder, row.model_json));
  if (executed === undefined) {
    throw new Error(
      `${row.model_json} has layers of which it was not counted what ${runtime.name} executes.`,
    );
  }
  const session = {
    board: board.id,
    runtime: runtime.id,
    version: '',
    flags: '',
    build,
    rows: { file: 'rows.csv' },
  };
  return {
    label: row.model_or_layer,
    group: row.model_json,
    sitting: build,
    session,
    core: board.core,
    isCached: board.features.includes('cache'),
    kind: 'network',
    cycles: Number(row.cycles),
    inferences: 1,
    ...executed,
  };
}

function fitRuntimes(
  folder: string,
  date: string,
  measured: readonly Measured[],
  loaded: LoadedProfiles,
): OwnFit[] {
  if (measured.length === 0) return [];
  const runtimes = [...new Set(measured.map(({ runtime }) => runtime))];
  const libraries = path.join(folder, 'measurements', 'libraries.json');
  const written = existsSync(libraries) ? parseLibraries(readFileSync(libraries, 'utf8')) : [];
  const { operators } = fitProject();
  return runtimes.map((runtime) => {
    const own = measured.filter((each) => each.runtime === runtime);
    const prior = written
      .map((library) => priorOf(library, runtime, loaded))
      .find((each) => each !== undefined);
    const file = fileNameOf(runtime, loaded);
    const library = libraryOf(runtime, own, prior ?? startOf(runtime, own, folder), file);
    const { profiles } = fitLibrary({
      library,
      prior: library.prior,
      rows: own.map(({ row }) => row),
      runtimes: new Map([[file, { id: runtime.id, paths: runtime.latency.paths }]]),
      readNetwork: (name) => readNetwork(folder, name),
      operators,
    });
    const fitted = (profiles.get(file) ?? []).map((profile) => {
      const note = `${profile.network.rows} rows`;
      return { ...profile, sources: [{ title: ownMeasurements, date, note }] };
    });
    const merged = mergeProfiles(runtime.latency.profiles, fitted);
    return {
      file: path.join(folder, 'runtimes', `${file}.json`),
      value: { ...runtime, latency: { ...runtime.latency, profiles: merged } },
      fitted: fitted.map(({ boards, network: { rows, high } }) => ({
        runtime: runtime.id,
        boards,
        rows,
        within: high,
      })),
    };
  });
}

function readProfiles(folder: string): LoadedProfiles {
  const files = ['boards', 'runtimes'].flatMap((kind) => {
    const where = path.join(folder, kind);
    const names = existsSync(where) ? readdirSync(where).filter((name) => name.endsWith('.json')) : [];
    return names.map((name) => ({
      path: path.join(where, name),
      text: readFileSync(path.join(where, name), 'utf8'),
    }));
  });
  const loaded = loadProfiles(files);
  const [error] = loaded.problems.filter(({ severity }) => severity === 'error');
  if (error !== undefined) throw new Error(`${error.path}: ${error.message}`);
  return loaded;
}

function readRows(folder: string, loaded: LoadedProfiles): Measured[] {
  const file = path.join(folder, 'measurements', 'rows.csv');
  if (!existsSync(file)) {
    throw new Error(
      `${file} does not exist. Write one with the columns board, runtime, network, clock_mhz, latency_ms.`,
    );
  }
  const rows: OwnRow[] = parseCsv(readFileSync(file), { columns: true, bom: true, trim: true });
  if (rows.length === 0)
    throw new Error(`${file} has no rows. Write one for each network that you measured.`);
  const lacking = (['board', 'network'] as const).find((column) => rows[0]?.[column] === undefined);
  if (lacking !== undefined) {
    throw new Error(
      `${file} has no column "${lacking}". Its first line names the columns, with commas between them: board,runtime,network,clock_mhz,latency_ms,build.`,
    );
  }
  return rows.map((row, index) => {
    try {
      return measuredRow(row, loaded);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`${file}, row ${index + 1}: ${reason}`, { cause: error });
    }
  });
}

function measuredRow(row: OwnRow, loaded: LoadedProfiles): Measured {
  const {
    board: name = '',
    runtime: written,
    network = '',
    clock_mhz: clock = '',
    latency_ms: time = '',
  } = row;
  const resolved = resolveTarget(loaded, { board: name, runtime: written === '' ? undefined : written });
  if ('problem' in resolved) throw new Error(resolved.problem.message);
  const { target } = resolved;
  const { board, runtime } = target;
  for (const [column, value] of Object.entries({ clock_mhz: clock, latency_ms: time, cycles: row.cycles })) {
    if (value === undefined || Number(value) >= 0) continue;
    throw new Error(`"${column}" is "${value}". Write a number, with a point before decimals.`);
  }
  const cycles =
    row.cycles === undefined || row.cycles === '' ? Number(time) * Number(clock) * 1000 : Number(row.cycles);
  if (!(cycles > 0))
    throw new Error('It has neither "cycles" nor "latency_ms" with "clock_mhz". Write one of them.');
  if (network === '') throw new Error('It names no "network". Name a .nas beside rows.csv.');
  const build = row.build === undefined || row.build === '' ? 'build not said' : row.build;
  const measured: MeasuredRow = {
    source: ownMeasurements,
    board: board.id,
    mcu: board.mcu,
    core: board.core,
    clock_mhz: clock,
    runtime: runtime.id,
    kernels: runtime.id,
    model_or_layer: network,
    cycles: String(cycles),
    model_json: network,
    kind: 'e2e',
    note: '',
  };
  return { target, board, runtime, build, row: measured };
}

/** One profile per board; those of one runtime share what they have in common. */
function libraryOf(
  runtime: Runtime,
  measured: readonly Measured[],
  prior: Coefficients,
  file: string,
): Library & { readonly prior: Coefficients } {
  const boards = [...new Set(measured.map(({ board }) => board))];
  const members = boards.map((board) => {
    const builds = new Set(measured.filter((each) => each.board === board).map(({ build }) => build));
    const build = [...builds].join('; ');
    return {
      id: `${board.core}-${board.id}`,
      file,
      core: board.core,
      boards: [board.id],
      hardware: board.name,
      version: build,
      helper: false,
      build,
      accepts: (row: MeasuredRow) => row.board === board.id,
    };
  });
  return { id: runtime.id, outside: false, prior, carriedTo: [], members };
}

/** The start that `libraries.json` gives for a runtime. */
function priorOf(library: Library, runtime: Runtime, loaded: LoadedProfiles): Coefficients | undefined {
  const file = fileNameOf(runtime, loaded);
  return library.members.some((member) => member.file === file) ? library.prior : undefined;
}

/** Without one, the profile that such a board has until now: of its core, or else of the first that there is. */
function startOf(runtime: Runtime, measured: readonly Measured[], folder: string): Coefficients {
  const cores = new Set(measured.map(({ board }) => board.core));
  const own = new Set(measured.map(({ board }) => `${board.core}-${board.id}`));
  const known = runtime.latency.profiles.filter(({ id }) => !own.has(id));
  const profile = known.find(({ core }) => cores.has(core)) ?? known[0];
  if (profile === undefined) {
    const file = path.join(folder, 'measurements', 'libraries.json');
    throw new Error(
      `${runtime.id} has no latency profile to start from. Say in ${file} about how many cycles each term takes: docs/adding-a-board.md has an example.`,
    );
  }
  return coefficientsOf(runtime, profile);
}

/** A file of the workspace keeps its name; a copy of a shipped one is named after the runtime. */
function fileNameOf(runtime: Runtime, { origins }: LoadedProfiles): string {
  const origin = origins.get(runtime);
  if (origin !== undefined) return path.basename(origin, '.json');
  return runtime.id.replace(/[^\w.-]+/g, '-');
}

/** A `.nas` in which everything is decided, a layer-by-layer definition (`.json`), or a network of the project. */
function readNetwork(folder: string, name: string): Network {
  const own = path.join(folder, 'measurements', name);
  if (name.endsWith('.nas')) return networkOfProgram(own);
  const file = [own, `${own}.json`, path.join(measurementsFolder, 'networks', `${name}.json`)].find(
    existsSync,
  );
  if (file === undefined) throw new Error(`${own} does not exist. Name a .nas or a .json beside rows.csv.`);
  return networkFromDefinition(JSON.parse(readFileSync(file, 'utf8')) as NetworkDefinition);
}

function networkOfProgram(file: string): Network {
  if (!existsSync(file)) throw new Error(`${file} does not exist. Check the column "network" of rows.csv.`);
  const read = (name: string) => {
    if (!existsSync(name)) return undefined;
    const text = readFileSync(name, 'utf8');
    return { text, parse: parse(text) };
  };
  const resolve = (from: string, specifier: string) => path.resolve(path.dirname(from), specifier);
  const [space] = analyse(path.resolve(file), { read, resolve }).spaces;
  if (space?.usable !== true) {
    throw new Error(`${file} holds no network. "nasturtium check ${file}" says what is wrong.`);
  }
  const { count, exact } = space.size();
  if (count !== 1n || !exact) {
    throw new Error(
      `${file} leaves choices open. Write the network that was measured, as "nasturtium front --print" does.`,
    );
  }
  return space.lower(space.extreme('min'));
}
