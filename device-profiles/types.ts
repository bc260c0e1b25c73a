/**
 * The shape of the data in `boards/` and `runtimes/`; `schema/*.schema.json` say the same to an editor and to
 * the check that runs when a workspace adds its own. A *board* says what the hardware is; a *runtime* says what
 * its kernels can run and what that costs; neither holds code.
 */

import type { PowerFigure, Sleep } from './power.ts';

export type { Figure, PowerFigure, Sleep } from './power.ts';

/** Where a figure comes from. */
export interface Source {
  readonly title: string;
  readonly url?: string;
  /** Date of publication or retrieval, `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
  readonly date: string;
  /** What was taken from it, e.g. rows used. */
  readonly note?: string;
}

export interface MemoryBank {
  readonly name: string;
  readonly bytes: number;
  /** Where the data bus sees it, hexadecimal, e.g. `0x20000000`. Banks that follow each other may hold one buffer. */
  readonly address?: string;
  /** How the core reaches it: tightly coupled (no wait states), over the bus (the default), or outside the chip. */
  readonly access?: 'tcm' | 'bus' | 'external';
  /** What it can hold: `code` and `reserved` (caches, the radio's) never hold an arena; `data` is the default. */
  readonly use?: 'data' | 'code' | 'reserved';
  /** Most that a program can take in one piece, bytes, where the system keeps the rest. */
  readonly usable?: number;
  /** How much longer a network takes whose arena lies here and not on the chip; the first that names the runtime. */
  readonly slowdown?: readonly Slowdown[];
  readonly note?: string;
}

export interface Slowdown {
  /** Runtime ids it was measured with; every runtime when absent. */
  readonly runtimes?: readonly string[];
  /** Greatest factor known; 1 where none was seen. */
  readonly most: number;
  readonly source: Source;
}

export interface Spread {
  /** 90 % of measurements lie between `value * low` and `value * high`. */
  readonly low: number;
  readonly high: number;
}

/**
 * What a board, or any board with a core, takes for what kernels execute: the costs that turn counts into core clock
 * cycles. They are of the silicon and how it is set up (wait states, caches), and serve every
 * runtime that was counted.
 */
export interface Pace {
  /** Ids of the runtimes that were measured; how a program is set up (caches, wait states) is theirs. */
  readonly runtimes?: readonly string[];
  /** Of the build, where it is for these alone. */
  readonly flags?: string;
  readonly cycles: {
    /** Of every instruction. */
    readonly instruction: number;
    /** Beyond that: of every register that a load fills, and of every branch that is taken. */
    readonly load: number;
    readonly branch: number;
    /** Beyond that: of every byte of weights that is read once, in rows longer than a small flash cache. */
    readonly weightByte: number;
    /** Of what was not counted: for each operator and each inference. */
    readonly operator: number;
    readonly inference: number;
  };
  /** By how much kernels depart, by the name of the function: of those alone that were measured here. */
  readonly kernels: Readonly<Record<string, number>>;
  /** Errors of single operators whose kernel was measured on the board, and of others. */
  readonly measured: Spread;
  readonly unmeasured: Spread;
  /** Errors of whole networks. */
  readonly network: Spread;
  /** Median absolute error of what was left out of the fit, share; absent with fewer than three. */
  readonly medianError?: number;
  readonly rows: number;
  /** Builds of what was measured, in words. */
  readonly build: string;
  readonly sources: readonly Source[];
}

/** A core: which counts are its own, and what boards with it take where none was measured. `cores.json`. */
export interface Core {
  /** Core of the counts, as in the names of `kernels/`: a Cortex-M7 executes what a Cortex-M4 does. */
  readonly counts: string;
  /**
   * Cycles per instruction in units of the manual, before anything is known of a board: what published boards lie around,
   * over the 1.2 units that an instruction of the kernels is.
   */
  readonly start?: number;
  /** Of a core of which nobody published a latency: the one that runs the same counts at the nearest pace. */
  readonly like?: string;
  readonly pace: Pace;
  /** Errors where a board with it was measured, however little: of single operators and of whole networks. */
  readonly onceMeasured: { readonly operator: Spread; readonly network: Spread };
}

/** What a board shows on USB, by what runs on it. */
export interface UsbIdentity {
  /** Four hexadecimal digits each. */
  readonly vendorId: string;
  readonly productId: string;
  readonly name: string;
  /** How a program is put onto the board then; without it, it is recognised and no more. */
  readonly speaks?: 'picoboot' | 'dfuse' | 'cmsis-dap' | 'st-link' | 'esp-rom';
}

/** Layers that the probe has run on a board. */
export interface BoardMeasurement {
  /** Id of the runtime whose kernels ran. */
  readonly runtime: string;
  readonly clockHz: number;
  /** Day, `YYYY-MM-DD`. */
  readonly date: string;
  /** Of the board, where boards of its kind are told apart. */
  readonly serial?: string;
  /** Of the probe's image, SHA-256. */
  readonly image: string;
  /** What counted: `CYCCNT`, `SysTick`, `MCYCLE`. */
  readonly counter: string;
  readonly layers: readonly MeasuredLayer[];
}

/** One layer with int8 inputs and output. */
export interface MeasuredLayer {
  /** Kind of operator, and those of its attributes that are not the default. */
  readonly kind: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Shapes, without the batch. */
  readonly inputs: readonly (readonly number[])[];
  readonly output: readonly number[];
  /** Of one run: the least and the median of its repeats. */
  readonly cycles: { readonly least: number; readonly median: number };
}

export interface Board {
  readonly $schema?: string;
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly mcu: string;
  /** Key of the runtimes' latency profiles, e.g. `cortex-m4`. */
  readonly core: string;
  readonly features: readonly ('dsp' | 'fpu' | 'mve' | 'cache' | 'npu')[];
  readonly clock: { readonly defaultHz: number; readonly maxHz: number; readonly note?: string };
  readonly sram: readonly MemoryBank[];
  readonly flash: {
    /** Where programs are written to, hexadecimal, e.g. `0x08000000`; needed to flash the board. */
    readonly address?: string;
    readonly bytes: number;
    readonly waitStates?: string;
    readonly note?: string;
  };
  readonly defaultRuntime: string;
  /** The build of a runtime, by its id, that is usual on the board, where it is not the runtime's own default. */
  readonly builds?: Readonly<Record<string, Partial<Build>>>;
  /** Runtimes that can be built for it beyond those that name its core. */
  readonly runtimes?: readonly string[];
  readonly power: readonly PowerFigure[];
  readonly sleep?: Sleep;
  /** What was measured on it: the first that names the runtime and its flags, else the first that names the runtime, else the first. */
  readonly paces?: readonly Pace[];
  /** How a host recognises it. */
  readonly usb: readonly UsbIdentity[];
  /** What a debug probe reads to know the chip before it writes to it: `value` under `mask`, all hexadecimal. */
  readonly chipId?: { readonly address: string; readonly mask: string; readonly value: string };
  /** Of the drive that its boot loader shows, to which a file in the format UF2 can be copied. */
  readonly uf2?: {
    /** As its `INFO_UF2.TXT` has it. */
    readonly boardId: string;
    /** What the blocks of a file must name, hexadecimal. */
    readonly family: string;
  };
  /** It is an emulator and no board. */
  readonly virtual?: {
    /** What it cannot know, in words that follow "it knows no". */
    readonly knowsNo: string;
    /** What it counts while a kernel runs. */
    readonly counts: 'cycles' | 'instructions';
  };
  readonly probe?: {
    /** Of the probe, which runs on it: its name in `firmware-probe/images/manifest.json`. */
    readonly image: string;
  };
  /** What the probe has measured on this very board, at most once for each runtime and clock. */
  readonly measured?: readonly BoardMeasurement[];
  readonly flashing: string;
  readonly sources: readonly Source[];
}

/** What of a runtime is compiled how: the same kernels at -Os run a third more instructions than at -O3. */
export interface Build {
  /** One of {@link CountedRuntime.versions}. */
  readonly version: string;
  /** One of {@link CountedRuntime.flags}. */
  readonly flags: string;
}

/** A runtime of which it was counted what its kernels execute, by version, core and flags; the first is the default. */
export interface CountedRuntime {
  readonly versions: readonly {
    /** As it is written behind the runtime's name. */
    readonly version: string;
    /** What it is made of, for people. */
    readonly name: string;
    /** Month (`YYYY-MM`) of its sources; the newest when absent. */
    readonly sourcesOf?: string;
    /** The counts that make it up, outermost first: names of `kernels/<name>-<core>-<flags>.json`. */
    readonly kernels: readonly string[];
  }[];
  /** Optimisation levels, without the dash. */
  readonly flags: readonly string[];
  /** No interpreter runs the kernels: what paces of other runtimes take per operator and inference is none of it. */
  readonly callsDirectly?: true;
}

/**
 * A test on one quantity of an operator (see `engine/cost/quantities.ts` for the catalogue). Exactly one of the
 * comparisons is given; a list of conditions holds when every one does.
 */
export interface Condition {
  readonly quantity: string;
  readonly equals?: number;
  readonly atMost?: number;
  readonly atLeast?: number;
  readonly multipleOf?: number;
}

/** A sum of quantities times factors. */
export type Terms = Readonly<Record<string, number>>;

/** An operator the kernels can run. The first entry that fits an operator decides. */
export interface OperatorSupport {
  /** Kinds, or names of the schema for operators that `.nas` has not; `other` for all that no entry names. */
  readonly operators: readonly string[];
  /** Of the first input, or of the one that an operator works on; by the names in the schema of a `.tflite`. */
  readonly dtypes: readonly string[];
  readonly when?: readonly Condition[];
  /** `none` here excludes what a later entry would allow. */
  readonly level: 'fast' | 'slow' | 'none';
  /** Name of the rule, for diagnostics and their documentation; required unless `fast`. */
  readonly rule?: string;
  /** A full sentence with `{quantity}` placeholders; required unless `fast`. */
  readonly reason?: string;
  readonly remedy?: RemedyRule;
  /** What says so, in the version that the runtime's figures are of. */
  readonly source: Evidence;
}

/** What was read, and in which version. */
export interface Evidence {
  readonly title: string;
  /** A release, a commit, or the date of a page. */
  readonly version: string;
  /** The version that the runtime's figures are of, where nothing of it could be had and another was read. */
  readonly insteadOf?: string;
  readonly url?: string;
}

export type RemedyRule =
  | { readonly kind: 'replace-operator'; readonly from: string; readonly to: string }
  | { readonly kind: 'replace-activation'; readonly from: string; readonly to: string }
  /** Round up to a multiple. */
  | { readonly kind: 'set-channels'; readonly multipleOf: number };

/** The operators that firmware can be built with, and the calls that take them in. */
export interface OperatorRegistration {
  /** As C++ writes it, e.g. `tflite::MicroMutableOpResolver`. */
  readonly resolver: string;
  /** Methods of the resolver, by the operator's name in a `.tflite`: the schema's, or a custom operator's own. */
  readonly calls: Readonly<Record<string, string>>;
  readonly sources: readonly Source[];
}

/** Of the sources that a library was built from: those of a month on (`YYYY-MM`), or those before one; all when absent. */
export interface OfSources {
  readonly since?: string;
  readonly before?: string;
}

/** Which of its kernels a library has on a core: for vectors (MVE), for pairs of halfwords (DSP), or with neither. */
export type Kernels = 'mve' | 'dsp' | 'plain';

/** What is said of operators. Of the rules for one operator, the first that fits decides. */
export interface OperatorRule extends OfSources {
  /** Kinds, or names of the schema for operators that `.nas` has not. */
  readonly operators: readonly string[];
  readonly when?: readonly Condition[];
  /** On cores with these kernels; on all when absent. */
  readonly kernels?: readonly Kernels[];
}

/** Bytes of one buffer, or of several; each is a buffer of its own, which is rounded up by itself. */
export type Buffers = number | Terms | readonly (number | Terms)[];

/** Scratch memory that a kernel asks for. The first that fits decides, of those for one pool. */
export interface ScratchRule extends OperatorRule {
  readonly bytes: Buffers;
  /**
   * A buffer that all kernels share and that is there all the time, as large as the largest need. Without one the
   * scratch is a buffer of the arena for as long as the operator runs.
   */
  readonly pool?: string;
}

/** What an interpreter keeps for an operator for as long as it lives, and takes while it prepares it. */
export interface KeptRule extends OperatorRule {
  /** The options of the operator as the interpreter unpacks them, bytes. */
  readonly options?: number;
  readonly bytes?: Buffers;
  /** What it keeps from its preparation on: what operators before it have kept so is there by then, no more. */
  readonly prepared?: Buffers;
  /** Bytes that its preparation takes, and gives back. */
  readonly passing?: number | Terms;
}

/** Operators that may write their output over an input which nothing needs any more. */
export interface InPlaceRule {
  readonly operators: readonly string[];
  readonly when?: readonly Condition[];
}

/** Data that stays for as long as the network can run: bytes per operator, plus `fixed` once. */
export interface PersistentMemory {
  readonly fixed: number;
  readonly perOperator: Terms;
  /** Relative error of the estimate. */
  readonly error: number;
}

/** What an interpreter keeps of a model in its arena, and what it needs there to set itself up. Bytes. */
export interface InterpreterMemory extends OfSources {
  /** Once. */
  readonly fixed: number;
  /** For each tensor of the model, constants too, each operator and each scratch buffer. */
  readonly perTensor: number;
  readonly perOperator: number;
  readonly perScratch: number;
  /** For the inputs, and again for the outputs: a list of pointers, each so long, and what each points to. */
  readonly ends: { readonly pointer: number; readonly tensor: number };
  /** For each variable that operators read and write by its name. */
  readonly perVariable: number;
  readonly setUp: {
    /** Of each request for scratch; there is room for so many more than were made. */
    readonly request: number;
    readonly spareRequests: number;
    /** Planning: for each graph, for each tensor and scratch buffer, and for each of them that gets a place. */
    readonly perGraph: number;
    readonly perListed: number;
    readonly perPlaced: number;
    /** What preparing an operator takes, where no rule says it. */
    readonly passing: number;
    /** Graphs are planned one by one: the requests stay beside the plan, and variables come after it. */
    readonly eachGraph?: true;
  };
  /** Relative error of what it keeps, in builds that nobody looked into. */
  readonly error: number;
}

/** An interpreter with its kernels, which several runtimes share: the files of `interpreters/`. */
export interface Interpreter {
  readonly $schema?: string;
  readonly id: string;
  /** Another whose memory it has, and whose kernels where it has none of its own. */
  readonly base?: string;
  /** Full sentences: which builds the arena is that of. Of the base when absent. */
  readonly assumes?: string;
  /** The first of the months that sources are told apart by. Of the base when absent. */
  readonly memory?: readonly InterpreterMemory[];
  readonly kept: readonly KeptRule[];
  readonly scratch: readonly ScratchRule[];
  readonly sources: readonly Source[];
}

/** RAM of a program around the network, beside the arena. */
export interface ProgramMemory {
  /** Bytes of static data, once. */
  readonly fixed: number;
  /** Bytes of static data per kind of operator that occurs: its entry among those that the program registers. */
  readonly perKind: number;
  /** Bytes of static data per byte that the network puts out: 1 where the program keeps a copy of the result. */
  readonly perOutputByte?: number;
  /** Bytes to which the program rounds the arena up. */
  readonly arenaStep: number;
  /** Relative error of the whole. */
  readonly error: number;
  readonly sources: readonly Source[];
}

/** How the first operators may be run patch by patch. */
export interface PatchRule {
  /** Operators that can be. */
  readonly operators: readonly string[];
  /** Patches per direction that are tried. */
  readonly grids: readonly number[];
  /** Most that may be computed again, as a share of the network's cycles (MACs where no cycles are known). */
  readonly mostExtra: number;
  readonly sources: readonly Source[];
}

/** A kernel path with its own latency terms. The first path that fits an operator is its family. */
export interface LatencyPath {
  readonly family: string;
  readonly title: string;
  readonly operators: readonly string[];
  readonly when?: readonly Condition[];
  /** Quantities that its cycles depend on. None: nobody has measured the kernel. */
  readonly terms: readonly string[];
  /** Family of the kernel that it stands in for and cannot be quicker than, where nobody has measured this one. */
  readonly noFasterThan?: string;
}

/** What was fitted for one path on one kind of core. */
export interface FittedPath {
  /** Cycles per unit of each term. */
  readonly cycles: Terms;
  /** 90 % of measurements lie between `value * low` and `value * high`. */
  readonly interval: { readonly low: number; readonly high: number };
  /** Least and greatest MACs (or outputs, for operators without MACs) per operator among the rows. */
  readonly envelope?: { readonly quantity: string; readonly low: number; readonly high: number };
  /** Least and most measured of what makes a layer's shape, by quantity: layers of one size differ in it. */
  readonly shape?: Readonly<Record<string, readonly [low: number, high: number]>>;
  /** Rows that hold this path. */
  readonly rows: number;
  /** Where the interval comes from: a sentence. */
  readonly basis?: string | undefined;
  /** Set when the numbers are carried over from another core: the sentence a person reads. */
  readonly note?: string;
}

/** Latency on one kind of core, for one build of the kernel library. */
export interface LatencyProfile {
  readonly id: string;
  readonly core: string;
  /** Board ids it was fitted on; other boards with this core use it with a note and a wider interval. */
  readonly boards: readonly string[];
  /** Set when no row is of this core: the core whose rows were brought to this one's pace. */
  readonly carriedFrom?: string;
  /** Version of the kernel library and compiler flags of the builds measured. */
  readonly build: string;
  /** Cycles of one inference outside the operators. */
  readonly invokeCycles: number;
  readonly paths: Readonly<Record<string, FittedPath>>;
  /** Of whole networks: 90 % of measurements lie between `value * low` and `value * high`. */
  readonly network: {
    readonly low: number;
    readonly high: number;
    /** The same on a board that no row comes from; a little wider than above when absent. */
    readonly otherBoards?: { readonly low: number; readonly high: number };
    /** Median absolute error of networks left out of the fit, share; absent with fewer than three. */
    readonly medianError?: number;
    readonly rows: number;
  };
  readonly sources: readonly Source[];
}

export interface Runtime {
  readonly $schema?: string;
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  /** Sentence for hovers. */
  readonly description: string;
  /** Versions of what it is made of that the figures are of: the source of each row is of one of them. */
  readonly versions?: readonly string[];
  /** Cores of the boards that it can be built for; those of its latencies when absent. */
  readonly cores?: readonly string[];
  /** How the names of their microcontrollers begin, where it is made for those alone. */
  readonly mcus?: readonly string[];
  readonly support: readonly OperatorSupport[];
  /** Conditions of the fast path that are broken without being unsupported. Checked after `support`. */
  readonly slowPaths: readonly OperatorSupport[];
  /** Runs operators with integer weights and float activations (dynamic-range quantisation). */
  readonly hybrid?: true;
  /** How firmware registers operators one by one; absent where it need not. */
  readonly registration?: OperatorRegistration;
  /**
   * What becomes of output channels whose weights are all zero: left out, and with them what only they need. They are
   * computed like any other when absent.
   */
  readonly zeroChannels?: {
    /** `likely`: the interval of a model that has such channels reaches up to the price of computing them. */
    readonly leftOut: 'likely' | 'known';
    readonly sources: readonly Source[];
  };
  readonly scratch: readonly ScratchRule[];
  readonly memory: {
    /** Buffers by descending size, as TFLite Micro does; or the lowest of a few orders, outputs sliding over inputs. */
    readonly planner: 'greedy-by-size' | 'sliding';
    /** Bytes that buffer sizes and offsets are rounded up to. */
    readonly alignment: number;
    /** Relative error of activations and scratch, where how the runtime lays them out is not published. */
    readonly headError?: number;
    /** Id of the interpreter that runs operators one by one: what it keeps and its kernels need is said there. */
    readonly interpreter?: string;
    /** Month of the sources that it is built from, where that is not the newest that the interpreter's data tell of. */
    readonly sourcesOf?: string;
    /** Where there is no interpreter. */
    readonly persistent?: PersistentMemory;
    /** Boards whose arenas were measured with a build of other sources. */
    readonly builds?: readonly {
      readonly boards: readonly string[];
      readonly build: string;
      /** Month of its sources; that of the version when absent. */
      readonly sourcesOf?: string;
      /** Bytes that each operator was seen to keep beyond what the rules say. */
      readonly more?: Terms;
    }[];
    /** Kinds of operators whose output takes no memory: the next kernel reads their input. */
    readonly folds?: readonly string[];
    readonly inPlace?: readonly InPlaceRule[];
    /** What depends on no input is computed ahead; what of it the network puts out is there all the time. */
    readonly foldsConstants?: true;
    /** Kinds of pooling that a convolution just before them does itself: of its output only the lines under a window are kept. */
    readonly fusedPools?: readonly string[];
    readonly patches?: PatchRule;
    readonly program?: ProgramMemory;
    readonly sources: readonly Source[];
  };
  readonly modelFile: {
    /** Bytes of the model file beside weights: once, and per operator. */
    readonly fixed: number;
    readonly perOperator: Terms;
    readonly error: number;
    readonly sources: readonly Source[];
  };
  readonly code?: {
    /** Bytes of interpreter and start-up code, once. */
    readonly fixed: number;
    /** Bytes of kernel code per operator kind that occurs. */
    readonly perKind: Readonly<Record<string, number>>;
    /** Bytes per operator, where code is generated for each. */
    readonly perOperator?: Terms;
    readonly error: number;
    readonly sources: readonly Source[];
  };
  /** Latencies come from what its kernels were counted to execute; where this is absent, from `latency`. */
  readonly counted?: CountedRuntime;
  readonly latency: {
    readonly paths: readonly LatencyPath[];
    readonly profiles: readonly LatencyProfile[];
  };
  readonly sources: readonly Source[];
}

/** Instructions, registers that loads fill, and branches taken. */
export type ClassCounts = readonly [instructions: number, loads: number, branches: number];

/**
 * What a kernel executes: a sum of amounts. Each key is `1` or a product `a*b*c` of factors; a factor is a quantity or a
 * whole number made of one: `q%4`, `floor(q/4)`, `floor(q%16/4)`, `ceil(q/16)`, `[q%4==1]`, `[q<16]`.
 */
export type Form = Readonly<Record<string, ClassCounts>>;

/** A kernel of a library. The first entry that fits an operator is the one that the library itself chooses. */
export interface Kernel {
  /** Kinds, or names of the schema for operators that `.nas` has not. */
  readonly operators: readonly string[];
  readonly when?: readonly Condition[];
  /** The function that does the work. */
  readonly kernel: string;
  /** What is counted is the operator's own part: a kernel of the kernel library comes on top. */
  readonly wraps?: true;
  readonly form: Form;
  /** Shapes that it was fitted to, and by how much it misses their instructions: median and greatest, shares. */
  readonly shapes: number;
  readonly median: number;
  readonly worst: number;
}

/** What one build of a library executes: the files of `kernels/`. */
export interface KernelLibrary {
  readonly $schema?: string;
  /** `cmsis-nn-v700-m4-O3`: library, version, core, flags. */
  readonly id: string;
  readonly library: string;
  readonly version: string;
  readonly core: string;
  /** Optimisation level: `O3`, `O2` or `Os`. */
  readonly flags: string;
  readonly compiler: string;
  readonly source: Source;
  readonly kernels: readonly Kernel[];
  /** Of a library that runs operators one by one: what it executes for each inference, and around each operator. */
  readonly interpreter?: { readonly inference: ClassCounts; readonly operator: ClassCounts };
}
