/**
 * The shape of the data in `boards/` and `runtimes/`; `schema/*.schema.json` say the same to an editor and to
 * the check that runs when a workspace adds its own. A *board* says what the hardware is; a *runtime* says what
 * its kernels can run and what that costs; neither holds code.
 */

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
  readonly note?: string;
}

/** Average supply power while a network runs. */
export interface PowerFigure {
  /** Runtime ids it was measured with; every runtime of the board when absent. */
  readonly runtimes?: readonly string[];
  readonly clockHz: number;
  readonly milliwatts: { readonly value: number; readonly low: number; readonly high: number };
  readonly source: Source;
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
  readonly flash: { readonly bytes: number; readonly waitStates?: string; readonly note?: string };
  readonly defaultRuntime: string;
  /** Runtimes that can be built for it. */
  readonly runtimes: readonly string[];
  readonly power: readonly PowerFigure[];
  /** How a host recognises it. */
  readonly usb: readonly { readonly vendorId: string; readonly productId: string; readonly name: string }[];
  readonly flashing: string;
  readonly sources: readonly Source[];
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
  readonly operators: readonly string[];
  readonly dtypes: readonly string[];
  readonly when?: readonly Condition[];
  /** `none` here excludes what a later entry would allow. */
  readonly level: 'fast' | 'slow' | 'none';
  /** Name of the rule, for diagnostics and their documentation; required unless `fast`. */
  readonly rule?: string;
  /** A full sentence with `{quantity}` placeholders; required unless `fast`. */
  readonly reason?: string;
  readonly remedy?: RemedyRule;
}

export type RemedyRule =
  | { readonly kind: 'replace-operator'; readonly from: string; readonly to: string }
  | { readonly kind: 'replace-activation'; readonly from: string; readonly to: string }
  /** Round up to a multiple. */
  | { readonly kind: 'set-channels'; readonly multipleOf: number };

/** Scratch memory that a kernel asks the arena for, in bytes. The first rule that fits decides. */
export interface ScratchRule {
  readonly operators: readonly string[];
  readonly when?: readonly Condition[];
  readonly bytes: Terms;
}

/** A kernel path with its own latency terms. The first path that fits an operator is its family. */
export interface LatencyPath {
  readonly family: string;
  readonly title: string;
  readonly operators: readonly string[];
  readonly when?: readonly Condition[];
  /** Quantities that its cycles depend on. */
  readonly terms: readonly string[];
}

/** What was fitted for one path on one kind of core. */
export interface FittedPath {
  /** Cycles per unit of each term. */
  readonly cycles: Terms;
  /** 90 % of measurements lie between `value * low` and `value * high`. */
  readonly interval: { readonly low: number; readonly high: number };
  /** Least and greatest MACs (or outputs, for operators without MACs) per operator among the rows. */
  readonly envelope?: { readonly quantity: string; readonly low: number; readonly high: number };
  /** Rows that hold this path. */
  readonly rows: number;
  /** Set when the numbers are carried over from another core: the sentence a person reads. */
  readonly note?: string;
}

/** Latency on one kind of core, for one build of the kernel library. */
export interface LatencyProfile {
  readonly id: string;
  readonly core: string;
  /** Board ids it was fitted on; other boards with this core use it with a note and a wider interval. */
  readonly boards: readonly string[];
  /** Version of the kernel library and compiler flags of the builds measured. */
  readonly build: string;
  /** Cycles of one inference outside the operators. */
  readonly invokeCycles: number;
  readonly paths: Readonly<Record<string, FittedPath>>;
  /** Of whole networks: 90 % of measurements lie between `value * low` and `value * high`. */
  readonly network: {
    readonly low: number;
    readonly high: number;
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
  readonly support: readonly OperatorSupport[];
  /** Conditions of the fast path that are broken without being unsupported. Checked after `support`. */
  readonly slowPaths: readonly OperatorSupport[];
  readonly scratch: readonly ScratchRule[];
  readonly memory: {
    readonly planner: 'greedy-by-size';
    /** Bytes that buffer sizes and offsets are rounded up to. */
    readonly alignment: number;
    /** Persistent data of the interpreter, bytes: per operator, plus `fixed` once. */
    readonly persistent: {
      readonly fixed: number;
      readonly perOperator: Terms;
      /** Relative error of the whole arena. */
      readonly error: number;
    };
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
    readonly error: number;
    readonly sources: readonly Source[];
  };
  readonly latency: {
    readonly paths: readonly LatencyPath[];
    readonly profiles: readonly LatencyProfile[];
  };
  readonly sources: readonly Source[];
}
