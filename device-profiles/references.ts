/**
 * What no schema can say of a board or runtime: whether what it names exists, and whether its figures agree with each
 * other. Everything here leaves the file usable.
 */

import { able } from './able.ts';
import { countedCores, kernelLibraryIds } from './kernels.ts';
import { operatorNames } from './operator-names.ts';
import type { Board, Figure, Runtime } from './types.ts';

export interface ReferenceProblem {
  readonly severity: 'error' | 'warning' | 'information';
  /** JSON pointer to the value. */
  readonly pointer: string;
  /** A full sentence. */
  readonly message: string;
}

export interface Known {
  readonly boards: readonly Board[];
  readonly runtimes: readonly Runtime[];
  /** Files that count for nothing because of errors, by id. */
  readonly unusable?: ReadonlyMap<string, string>;
}

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** @param known everything that this file can be used with, itself included. */
export function boardProblems(board: Board, known: Known): ReferenceProblem[] {
  return [
    ...runtimesOfBoard(board, known),
    ...figuresOfBoard(board),
    ...namesOfBoard(board, known),
    ...latencyOfBoard(board, known),
    ...buildsOfBoard(board, known),
  ];
}

function runtimesOfBoard(board: Board, { runtimes, unusable }: Known): ReferenceProblem[] {
  const ids = runtimes.map(({ id }) => id);
  const ables = runtimes.filter((runtime) => able(runtime, board)).map(({ id }) => id);
  const problems: ReferenceProblem[] = [];
  const unknown = (name: string): string =>
    unusable?.has(name) === true
      ? `names the runtime "${name}", whose file has errors: correct them first.`
      : `names the runtime "${name}", which is not known. Known runtimes are ${list(ids)}; one of your own is a file beside it in "runtimes".`;
  if (!ids.includes(board.defaultRuntime)) {
    problems.push({
      severity: 'error',
      pointer: '/defaultRuntime',
      message: `"defaultRuntime" ${unknown(board.defaultRuntime)}`,
    });
  } else if (!ables.includes(board.defaultRuntime)) {
    problems.push({
      severity: 'error',
      pointer: '/defaultRuntime',
      message: `"defaultRuntime" is "${board.defaultRuntime}", which does not name the core "${board.core}": add it to "runtimes" of the board.`,
    });
  }
  board.runtimes?.forEach((name, index) => {
    if (ids.includes(name) || name === board.defaultRuntime) return;
    problems.push({
      severity: 'warning',
      pointer: `/runtimes/${index}`,
      message: `"runtimes" ${unknown(name)}`,
    });
  });
  board.power.forEach((figure, at) =>
    figure.runtimes?.forEach((name, index) => {
      if (ables.includes(name)) return;
      problems.push({
        severity: 'warning',
        pointer: `/power/${at}/runtimes/${index}`,
        message: `This power was measured with "${name}", which cannot be built for this board, so it counts for nothing: add it to "runtimes" or remove it here.`,
      });
    }),
  );
  return problems;
}

function figuresOfBoard({ clock, power, sleep }: Board): ReferenceProblem[] {
  const problems: ReferenceProblem[] = [];
  if (clock.defaultHz > clock.maxHz) {
    problems.push({
      severity: 'error',
      pointer: '/clock/defaultHz',
      message: `The default clock of ${clock.defaultHz} Hz is above "maxHz", ${clock.maxHz} Hz: correct one of them.`,
    });
  }
  power.forEach(({ clockHz, milliwatts }, at) => {
    if (clockHz > clock.maxHz) {
      problems.push({
        severity: 'warning',
        pointer: `/power/${at}/clockHz`,
        message: `This power was measured at ${clockHz} Hz, above "maxHz" of the board, ${clock.maxHz} Hz: correct one of them.`,
      });
    }
    problems.push(...orderOf(milliwatts, `/power/${at}/milliwatts`));
  });
  problems.push(...orderOf(sleep?.microwatts, '/sleep/microwatts'));
  problems.push(...orderOf(sleep?.retained?.microwatts, '/sleep/retained/microwatts'));
  return problems;
}

function orderOf(figure: Figure | undefined, pointer: string): ReferenceProblem[] {
  if (figure === undefined || (figure.low <= figure.value && figure.value <= figure.high)) return [];
  const { value, low, high } = figure;
  const message = `"value" must lie between "low" and "high", and ${value} does not lie between ${low} and ${high}.`;
  return [{ severity: 'error', pointer, message }];
}

function namesOfBoard(board: Board, { boards }: Known): ReferenceProblem[] {
  const others = new Map<string, Board>();
  for (const other of boards) {
    if (other === board || other.id === board.id) continue;
    for (const name of [other.id, ...other.aliases]) if (!others.has(name)) others.set(name, other);
  }
  const names = [board.id, ...board.aliases].map((name, index) => ({
    name,
    pointer: index === 0 ? '/id' : `/aliases/${index - 1}`,
  }));
  return names.flatMap(({ name, pointer }) => {
    const other = others.get(name);
    if (other === undefined) return [];
    const message = `"${name}" means ${other.name} ("${other.id}") too, and a target that says it may get either: choose another name.`;
    return [{ severity: 'warning', pointer, message } as const];
  });
}

/** A misspelt core loses every latency without another sign. */
function latencyOfBoard(board: Board, { runtimes }: Known): ReferenceProblem[] {
  const ables = runtimes.filter((runtime) => able(runtime, board));
  const cores = new Set(
    ables.flatMap(({ counted, latency }) => [
      ...(counted === undefined ? [] : Object.keys(countedCores)),
      ...latency.profiles.map(({ core }) => core),
    ]),
  );
  if (ables.length === 0 || cores.has(board.core)) return [];
  const has = cores.size === 0 ? 'none has any' : `they have some of ${list([...cores].sort())}`;
  return [
    {
      severity: 'information',
      pointer: '/core',
      message: `No runtime of this board has latencies of "${board.core}" (${has}), so it gets memory and MACs only until some are measured.`,
    },
  ];
}

/** What is usual on a board has to be a build that the runtime has. */
function buildsOfBoard({ builds = {} }: Board, { runtimes }: Known): ReferenceProblem[] {
  return Object.entries(builds).flatMap(([id, { version, flags }]): ReferenceProblem[] => {
    const counted = runtimes.find((runtime) => runtime.id === id)?.counted;
    const versions = counted?.versions.map((each) => each.version) ?? [];
    const parts = [
      { what: 'version', value: version, known: versions },
      { what: 'flags', value: flags, known: counted?.flags ?? [] },
    ];
    const wrong = parts.find(({ value, known: counts }) => value !== undefined && !counts.includes(value));
    if (wrong === undefined) return [];
    const others = wrong.known.length === 0 ? ', nor with any' : `, but with ${list(wrong.known)}`;
    const message = `The runtime "${id}" was not counted with the ${wrong.what} "${wrong.value ?? ''}"${others}: correct it or remove it.`;
    return [{ severity: 'error', pointer: `/builds/${id.replaceAll('/', '~1')}`, message }];
  });
}

function kernelsOfRuntime({ counted }: Runtime): ReferenceProblem[] {
  return (counted?.versions ?? []).flatMap(({ kernels }, at) =>
    kernels.flatMap((name, index): ReferenceProblem[] => {
      if (kernelLibraryIds.some((id) => id.startsWith(`${name}-`))) return [];
      const message = `There are no counts of "${name}": name one of those that ship, or measure networks for "latency".`;
      return [{ severity: 'error', pointer: `/counted/versions/${at}/kernels/${index}`, message }];
    }),
  );
}

export function runtimeProblems(runtime: Runtime, { boards, runtimes }: Known): ReferenceProblem[] {
  const problems = kernelsOfRuntime(runtime);
  const families = new Map(runtime.latency.paths.map(({ family, terms }) => [family, terms]));
  const ids = new Set(boards.map(({ id }) => id));
  runtime.latency.profiles.forEach((profile, at) => {
    const profileAt = `/latency/profiles/${at}`;
    profile.boards.forEach((board, index) => {
      if (ids.has(board)) return;
      const message = `There is no board "${board}", so this profile counts as one of another board. Add its file to "boards", or correct the name.`;
      problems.push({ severity: 'warning', pointer: `${profileAt}/boards/${index}`, message });
    });
    for (const [family, { cycles }] of Object.entries(profile.paths)) {
      const pathAt = `${profileAt}/paths/${escaped(family)}`;
      const terms = families.get(family);
      if (terms === undefined) {
        const message = `"latency.paths" has no family "${family}", so these figures are never used. Its families are ${list([...families.keys()])}.`;
        problems.push({ severity: 'error', pointer: pathAt, message });
        continue;
      }
      for (const term of Object.keys(cycles)) {
        if (terms.includes(term)) continue;
        const message = `The family "${family}" has no term "${term}": add it to its "terms", or remove it here.`;
        problems.push({ severity: 'error', pointer: `${pathAt}/cycles/${escaped(term)}`, message });
      }
    }
  });
  const twin = runtimes.find(
    (other) => other !== runtime && other.id !== runtime.id && other.aliases.includes(runtime.id),
  );
  if (twin !== undefined) {
    const message = `"${runtime.id}" means ${twin.name} ("${twin.id}") too: choose another name.`;
    problems.push({ severity: 'warning', pointer: '/id', message });
  }
  return [...problems, ...callsOfRuntime(runtime)];
}

/** What a runtime can run, firmware must be able to register. */
function callsOfRuntime({ support, registration }: Runtime): ReferenceProblem[] {
  if (registration === undefined) return [];
  return support.flatMap(({ operators, level }, entry) =>
    operators.flatMap((operator, index) => {
      // Kinds of `.nas` are the schema's names in small letters; a custom operator is called as it is.
      const name =
        operatorNames[operator] ?? (operator === operator.toLowerCase() ? operator.toUpperCase() : operator);
      if (
        level === 'none' ||
        [operator, name].some((said) => said === 'other' || Object.hasOwn(registration.calls, said))
      )
        return [];
      const message = `"${operator}" has no call in "registration": add ${name} to its "calls", or remove it here.`;
      return [{ severity: 'warning', pointer: `/support/${entry}/operators/${index}`, message } as const];
    }),
  );
}

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
