/**
 * Latency from counts: `cycles = board(form(shape, kernel, version, flags))`. What a kernel executes for a shape is exact
 * and known for each version of its library, core and level of optimisation (`device-profiles/kernels`); what a board
 * takes for it is one cost per instruction and a few more by class ({@link Pace}). Both are data; here they become the
 * paths of a target, as if each had been fitted.
 *
 * The idea is InstMeter's (arXiv:2603.04134): cycles linear in instructions. The classes are those of the Cortex-M4
 * Technical Reference Manual (table 3-1): a load takes one cycle more than an instruction, a taken branch one more.
 */

import { countedCores, kernelLibrary } from '../../device-profiles/index.ts';
import type {
  Board,
  ClassCounts,
  Condition,
  FittedPath,
  Form,
  Kernel,
  KernelLibrary,
  LatencyPath,
  LatencyProfile,
  Pace,
  Terms,
} from '../../device-profiles/types.ts';
import { buildText, type Target } from './target.ts';

/** A kernel as the operators that run it. A target has more than a hundred, of which a network needs a dozen. */
export interface CountedPath {
  readonly operators: readonly string[];
  /** The function that does the work. */
  readonly family: string;
  /** With what it executes: instructions, loads and branches, by the term that counts them. */
  readonly make: () => { readonly path: LatencyPath; readonly fitted: FittedPath; readonly form: Form };
}

export interface CountedLatency {
  readonly paths: readonly CountedPath[];
  readonly profile: LatencyProfile;
}

/** The counts of one build, and what departs in them from the build that was asked for: a sentence. */
interface Counts {
  readonly libraries: readonly KernelLibrary[];
  readonly note: string | undefined;
}

/** The build that is nearest to one that was not counted: the same core first, then the same flags. */
function nearestLibrary(name: string, core: string, flags: string): KernelLibrary | undefined {
  const others = ['O3', 'Os', 'O2'].filter((other) => other !== flags);
  for (const on of [core, 'm4']) {
    for (const level of [flags, ...others]) {
      const found = kernelLibrary(`${name}-${on}-${level}`);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** What a target's build executes; `undefined` where nothing of it was counted. */
export function countsOf({ board, runtime, build }: Target): Counts | undefined {
  const core = countedCores[board.core];
  const made = runtime.counted?.versions.find(({ version }) => version === build?.version);
  if (core === undefined || made === undefined || build === undefined) return undefined;
  const libraries: KernelLibrary[] = [];
  const departures: string[] = [];
  for (const name of made.kernels) {
    const found = nearestLibrary(name, core.counts, build.flags);
    if (found === undefined) return undefined;
    libraries.push(found);
    if (found.id !== `${name}-${core.counts}-${build.flags}`)
      departures.push(`${found.library} at -${found.flags} on a ${found.core}`);
  }
  const [first] = departures;
  const note =
    first === undefined
      ? undefined
      : `This build was not counted: its instructions are those of ${departures.join(' and ')}.`;
  return { libraries, note };
}

/** Cycles of what was counted, class by class. */
export const cyclesOfCounts = (
  [instructions, loads, branches]: ClassCounts,
  { instruction, load, branch }: Pace['cycles'],
): number => instructions * instruction + loads * load + branches * branch;

const sumOf = (forms: readonly Form[]): Form => {
  const sum: Record<string, ClassCounts> = {};
  for (const form of forms) {
    for (const [term, counts] of Object.entries(form)) {
      const known = sum[term] ?? [0, 0, 0];
      sum[term] = [known[0] + counts[0], known[1] + counts[1], known[2] + counts[2]];
    }
  }
  return sum;
};

interface Executed {
  readonly operators: readonly string[];
  readonly when: readonly Condition[];
  /** Added up, what is executed. */
  readonly forms: readonly Form[];
  /** The function that does the work, and the library that it is in. */
  readonly kernel: string;
  readonly library: KernelLibrary;
}

/** Operators with what they run: of one that only calls a kernel, its own part and the kernel's. */
function executed([outer, inner]: readonly KernelLibrary[]): readonly Executed[] {
  if (outer === undefined) return [];
  const asOne = (own: Kernel, library: KernelLibrary): Executed => ({
    operators: own.operators,
    when: own.when ?? [],
    forms: [own.form],
    kernel: own.kernel,
    library,
  });
  return outer.kernels.flatMap((own): readonly Executed[] => {
    if (own.wraps !== true || inner === undefined) return [asOne(own, outer)];
    return inner.kernels
      .filter((called) => called.operators.some((name) => own.operators.includes(name)))
      .map((called) => ({
        ...asOne(called, inner),
        operators: called.operators.filter((name) => own.operators.includes(name)),
        when: [...(own.when ?? []), ...(called.when ?? [])],
        forms: [own.form, called.form],
      }));
  });
}

/** Cycles by term on a board: a sum again, so that pricing costs no more than one term did. */
function cyclesByTerm({ cycles, kernels }: Pace, kernel: string, form: Form, around: ClassCounts): Terms {
  const factor = kernels[kernel] ?? 1;
  const terms: Record<string, number> = {};
  for (const [term, counts] of Object.entries(form)) terms[term] = factor * cyclesOfCounts(counts, cycles);
  terms['1'] = (terms['1'] ?? 0) + cyclesOfCounts(around, cycles) + cycles.operator;
  if (cycles.weightByte > 0) terms['streamedWeights'] = cycles.weightByte;
  return terms;
}

/** The pace of the board itself, or of its core; that of another runtime is without what its interpreter takes. */
export function paceOf({
  board,
  runtime,
  build,
}: Target): { readonly pace: Pace; readonly ofBoard: boolean } | undefined {
  const { paces = [] } = board;
  const named = paces.filter(({ runtimes }) => runtimes?.includes(runtime.id) === true);
  const own =
    named.find(({ flags }) => flags === build?.flags) ??
    named.find(({ flags }) => flags === undefined) ??
    paces[0];
  const pace = own ?? countedCores[board.core]?.pace;
  if (pace === undefined) return undefined;
  const ofBoard = own !== undefined;
  if (runtime.counted?.callsDirectly !== true || own?.runtimes?.includes(runtime.id) === true)
    return { pace, ofBoard };
  return { pace: { ...pace, cycles: { ...pace.cycles, operator: 0, inference: 0 } }, ofBoard };
}

/** Where an interval comes from. */
function basisOf({ name }: Board, ofBoard: boolean, isMeasured: boolean): string {
  const counted = 'What the kernel executes was counted';
  if (!ofBoard)
    return `${counted}; no measurement is of ${name}, so the interval is that of boards left out.`;
  return isMeasured
    ? `${counted}, and how fast ${name} executes it was measured: the interval is that of measurements left out.`
    : `${counted}, but nobody has timed it on ${name}: the interval is that of kernels left out.`;
}

/** The paths of a target whose runtime was counted; `undefined` for others. */
export function countedLatency(target: Target): CountedLatency | undefined {
  const counts = countsOf(target);
  const found = paceOf(target);
  if (counts === undefined || found === undefined) return undefined;
  const { pace, ofBoard } = found;
  const { interpreter } = counts.libraries[0] ?? {};
  const none: ClassCounts = [0, 0, 0];
  const paths = executed(counts.libraries).map(
    ({ operators, when, forms, kernel, library }): CountedPath => ({
      operators,
      family: kernel,
      make() {
        const form = sumOf(forms);
        const isMeasured = Object.hasOwn(pace.kernels, kernel);
        const title = `${kernel} of ${library.library} ${library.version}, -${library.flags}`;
        return {
          path: { family: kernel, title, operators, when, terms: [] },
          fitted: {
            cycles: cyclesByTerm(pace, kernel, form, interpreter?.operator ?? none),
            interval: isMeasured ? pace.measured : pace.unmeasured,
            rows: isMeasured ? pace.rows : 0,
            basis: basisOf(target.board, ofBoard, isMeasured),
            ...(counts.note === undefined ? {} : { note: counts.note }),
          },
          form,
        };
      },
    }),
  );
  const { board } = target;
  return {
    paths,
    profile: {
      id: ofBoard ? board.id : board.core,
      core: board.core,
      boards: ofBoard ? [board.id] : [],
      build: buildText(target) ?? '',
      invokeCycles: pace.cycles.inference + cyclesOfCounts(interpreter?.inference ?? none, pace.cycles),
      paths: {},
      network: {
        ...pace.network,
        ...(pace.medianError === undefined ? {} : { medianError: pace.medianError }),
        rows: pace.rows,
      },
      sources: pace.sources,
    },
  };
}
