/** Makes the kernel files of CMSIS-NN: one for each build that was counted. */

import type { ClassCounts, Kernel, KernelLibrary } from '../../../../device-profiles/types.ts';
import { compileConditions } from '../../rules.ts';
import { cores, rules, versions, type Core, type KernelRule, type Version } from './cmsis-nn-rules.ts';
import { readClasses, readLayers, type ClassifiedLayer, type CountedLayer } from './counted-layers.ts';
import { fitKernel, quantile, type Sample } from './fit-form.ts';

/** Of a build, `v700-m4-O3`. */
interface Build {
  readonly name: string;
  readonly version: Version;
  readonly core: Core;
  readonly flags: string;
}

const versionNames = Object.keys(versions) as readonly Version[];
const ageOf = (version: Version): number => versionNames.indexOf(version);

export function parseBuild(name: string): Build {
  const [version = '', core = '', flags = ''] = name.split('-');
  if (!Object.hasOwn(versions, version) || !Object.hasOwn(cores, core))
    throw new Error(`A build ${name} was counted: say in cmsis-nn-rules.ts which version and core it is of.`);
  return { name, version: version as Version, core: core as Core, flags };
}

/** The rules of one build, in order. */
export const rulesFor = ({ version, core }: Build): readonly KernelRule[] =>
  rules.filter(
    ({ from = 'v2020', until = 'v700', on }) =>
      ageOf(from) <= ageOf(version) &&
      ageOf(version) <= ageOf(until) &&
      (on?.includes(cores[core].kind) ?? true),
  );

/** The first rule that fits a layer. */
export function ruleOf(layer: CountedLayer, held: readonly KernelRule[]): KernelRule {
  const rule = held.find(
    ({ operators, when }) => operators.includes(layer.kind) && compileConditions(when)(layer.quantities),
  );
  if (rule === undefined) throw new Error(`No kernel is said to run layer ${layer.id}, a ${layer.kind}.`);
  return rule;
}

/** How unlike two builds are: their kernels, then their flags, then their age, then their cores. */
function distance(a: Build, b: Build): number {
  const differ = (one: unknown, other: unknown, weight: number): number => (one === other ? 0 : weight);
  return (
    differ(cores[a.core].kind, cores[b.core].kind, 1000) +
    differ(a.flags === 'Os', b.flags === 'Os', 100) +
    10 * Math.abs(ageOf(a.version) - ageOf(b.version)) +
    differ(a.core, b.core, 1)
  );
}

/**
 * The kernel of v4.1 that computes one row with vectors gives up where padding reaches further than the row, and says
 * so to nobody: what it then executed is no count of the layer. A vector holds sixteen values.
 */
const gaveUp = ({ quantities: { macs, outputs }, kind }: CountedLayer, instructions: number): boolean =>
  kind === 'conv_2d' && instructions < Math.max(2 * outputs, macs / 16);

const classesOf = (shares: readonly ClassCounts[], instructions: number): ClassCounts => {
  const middle = (at: 1 | 2): number =>
    quantile(
      shares.map((each) => each[at] / each[0]).sort((a, b) => a - b),
      0.5,
    );
  return [instructions, middle(1) * instructions, middle(2) * instructions];
};

export interface CountedBuilds {
  readonly layers: readonly CountedLayer[];
  readonly classes: ReadonlyMap<string, ReadonlyMap<string, ClassifiedLayer>>;
}

export const readBuilds = (): CountedBuilds => ({ layers: readLayers(), classes: readClasses() });

export const buildsOf = ({ layers }: CountedBuilds): readonly string[] =>
  Object.keys(layers[0]?.instructions ?? {});

/** Rules of one kernel share its form. */
const keyOf = ({ operators, kernel, of = operators.join() }: KernelRule): string => `${of} ${kernel}`;

/** The layers that each kernel of a build ran. */
export function samplesOf(counted: CountedBuilds, name: string): ReadonlyMap<string, readonly Sample[]> {
  const build = parseBuild(name);
  const held = rulesFor(build);
  const [nearest = ''] = [...counted.classes.keys()].sort(
    (a, b) => distance(build, parseBuild(a)) - distance(build, parseBuild(b)),
  );
  const near = counted.classes.get(nearest);
  const isCounted = nearest === name;
  const byKernel = new Map<string, { layer: CountedLayer; like: ClassifiedLayer | undefined }[]>();
  for (const layer of counted.layers) {
    const rule = ruleOf(layer, held);
    if (gaveUp(layer, layer.instructions[name] ?? 0)) continue;
    const there = near?.get(layer.id);
    const like = isCounted || rule.kernel.endsWith(there?.kernel ?? '?') ? there : undefined;
    const those = byKernel.get(keyOf(rule)) ?? [];
    if (those.length === 0) byKernel.set(keyOf(rule), those);
    those.push({ layer, like });
  }
  return new Map(
    [...byKernel].map(([key, those]) => {
      // A layer that another kernel ran in that build has the shares of those that this one ran.
      const known = those.flatMap(({ like }) => (like === undefined ? [] : [like.counts]));
      return [
        key,
        those.map(({ layer: { quantities, instructions }, like }) => ({
          quantities,
          counts: isCounted
            ? (like?.counts ?? [0, 0, 0])
            : classesOf(like === undefined ? known : [like.counts], instructions[name] ?? 0),
        })),
      ];
    }),
  );
}

export function fitBuild(counted: CountedBuilds, name: string): KernelLibrary {
  const build = parseBuild(name);
  const samples = samplesOf(counted, name);
  const fitted = new Map<string, Pick<Kernel, 'form' | 'shapes' | 'median' | 'worst'>>();
  return {
    $schema: '../schema/kernels.schema.json',
    id: `cmsis-nn-${name}`,
    library: 'CMSIS-NN',
    version: versions[build.version],
    core: cores[build.core].core,
    flags: build.flags,
    compiler: 'arm-none-eabi-gcc 12.2.1',
    source: {
      title: 'Instruction counts of this project: the kernels ran on an emulated core',
      date: '2026-11-30',
      note: 'measurements/counts/instructions.csv.gz, counts.csv.gz',
    },
    kernels: rulesFor(build).flatMap((rule): readonly Kernel[] => {
      const { operators, when, kernel, terms } = rule;
      const counts = samples.get(keyOf(rule));
      if (counts === undefined) return [];
      const found = fitted.get(keyOf(rule)) ?? fitKernel(counts, terms);
      fitted.set(keyOf(rule), found);
      return [{ operators, when, kernel, ...found }];
    }),
  };
}
