/**
 * How fast each build runs what is the same for all of them. On a log scale a scale factor is the library's mean, plus what the
 * core adds, plus what the version adds, plus what is the build's own; the last three are shrunk towards 0 (or, for a
 * core, towards what another library shows), so that a build with few rows leans on its relatives.
 */

export interface ScaledBuild {
  readonly id: string;
  readonly core: string;
  /** Version and flags of the kernel library: builds that share it differ by core and board alone. */
  readonly version: string;
}

/** ln(measured / common fit) of a build: its mean, and how many networks it is the mean of. */
export interface MeanLog {
  readonly mean: number;
  readonly count: number;
}

/** Networks that a core's or a version's own part has to outweigh. */
const effectShrinkage = 0.3;
/** More networks than this make a build's mean no surer: what is left is not chance. */
const surest = 4;
const rounds = 200;

/**
 * Cores on which CMSIS-NN's kernels were measured, ln of cycles over those of a Cortex-M4: MicroNets (0.52 on a
 * Cortex-M7), microTVM with CMSIS-NN (0.82 on a Cortex-M33).
 */
export const coreStart: Readonly<Record<string, number>> = {
  'cortex-m4': 0,
  'cortex-m33': Math.log(0.82),
  'cortex-m7': Math.log(0.52),
};

/**
 * ln of each build's scale factor, whose own part has to outweigh `buildShrinkage` networks; for builds without rows what their core and version say. `undefined` where the version was
 * seen on no build, or the core neither seen nor in {@link coreStart}.
 */
export function estimateScaleFactors(
  builds: readonly ScaledBuild[],
  logs: ReadonlyMap<string, MeanLog>,
  buildShrinkage: number,
): (build: ScaledBuild) => number | undefined {
  const seen = builds.flatMap((build) => {
    const log = logs.get(build.id);
    return log === undefined || log.count === 0 ? [] : [{ ...build, ...log }];
  });
  const cores = new Map<string, number>(Object.entries(coreStart));
  const versions = new Map<string, number>();
  const own = new Map<string, number>();
  let mean = 0;
  const rest = (entry: (typeof seen)[number], ...parts: readonly number[]): number =>
    entry.mean - parts.reduce((sum, part) => sum + part, 0);
  const core = (entry: ScaledBuild): number => cores.get(entry.core) ?? 0;
  const version = (entry: ScaledBuild): number => versions.get(entry.version) ?? 0;
  const build = (entry: ScaledBuild): number => own.get(entry.id) ?? 0;
  /** Weighted mean of what the other parts leave, with `shrinkage` networks that say `start`. */
  const average = (
    entries: readonly (typeof seen)[number][],
    left: (entry: (typeof seen)[number]) => number,
    shrinkage: number,
    start = 0,
  ): number => {
    let sum = shrinkage * start;
    let weights = shrinkage;
    for (const entry of entries) {
      const weight = Math.min(entry.count, surest);
      sum += weight * left(entry);
      weights += weight;
    }
    return weights > 0 ? sum / weights : 0;
  };
  for (let round = 0; round < rounds; round += 1) {
    mean = average(seen, (entry) => rest(entry, core(entry), version(entry), build(entry)), 0);
    for (const name of new Set(seen.map((entry) => entry.core))) {
      const those = seen.filter((entry) => entry.core === name);
      const left = (entry: (typeof seen)[number]) => rest(entry, mean, version(entry), build(entry));
      cores.set(name, average(those, left, effectShrinkage, coreStart[name]));
    }
    for (const name of new Set(seen.map((entry) => entry.version))) {
      const those = seen.filter((entry) => entry.version === name);
      const left = (entry: (typeof seen)[number]) => rest(entry, mean, core(entry), build(entry));
      versions.set(name, average(those, left, effectShrinkage));
    }
    for (const entry of seen) {
      const left = entry.mean - mean - core(entry) - version(entry);
      own.set(entry.id, (entry.count * left) / (entry.count + buildShrinkage));
    }
  }
  return (asked) => {
    const known = seen.length > 0 && cores.has(asked.core) && versions.has(asked.version);
    return known ? mean + core(asked) + version(asked) + build(asked) : undefined;
  };
}
