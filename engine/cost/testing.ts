/** Small networks and targets for the tests of this room. */

import { parse } from '../../grammar/index.ts';
import { template } from '../operators/catalogue.ts';
import type { OpTemplate } from '../operators/catalogue.ts';
import { analyse } from '../space/analyse.ts';
import type { Network, Op, Shape, Tensor } from '../space/network.ts';
import type { Analysis, SearchSpace } from '../space/types.ts';
import { resolveTarget, shippedProfiles, type TargetRequest } from './resolve.ts';
import type { Target } from './target.ts';

export function targetNamed(request: TargetRequest): Target {
  const resolved = resolveTarget(shippedProfiles, request);
  if ('problem' in resolved) throw new Error(resolved.problem.message);
  return resolved.target;
}

/** What a text means, as a file that imports nothing. */
/** The same with a runtime of which nothing was counted or measured. */
export function withoutLatency({ runtime, ...target }: Target): Target {
  const others = { ...runtime, counted: { versions: [], flags: [] }, latency: { paths: [], profiles: [] } };
  return { ...target, build: undefined, runtime: others };
}

export function analysisOf(text: string): Analysis {
  const source = { text, parse: parse(text) };
  return analyse('test.nas', { read: () => source, resolve: (_from, specifier) => specifier });
}

/** The first space of a text; throws with its problems when it is not usable. */
export function spaceOf(text: string): SearchSpace {
  const { spaces, problems } = analysisOf(text);
  const [space] = spaces;
  if (space?.usable !== true) throw new Error(problems.map((problem) => problem.message).join(' ') || text);
  return space;
}

/** A network in which each operator takes the output of the one before; shapes are given, not inferred. */
export function chain(input: Shape, ...steps: readonly (readonly [OpTemplate, Shape])[]): Network {
  const tensors: Tensor[] = [{ id: 0, shape: input, dtype: 'int8' }];
  const ops = steps.map(([spec, shape], index): Op => {
    tensors.push({ id: index + 1, shape, dtype: 'int8' });
    const source = { file: 'test.nas', line: index, start: 0, end: 0 };
    const base = {
      index,
      name: `${spec.kind}.${index}`,
      inputs: [index],
      output: index + 1,
      moreOutputs: [],
      source,
    };
    return { ...spec, ...base };
  });
  return { name: 'chain', tensors, inputs: [0], outputs: [steps.length], ops };
}

export const conv = (filters: number, kernel: number, stride = 1): OpTemplate =>
  template('conv_2d', { filters, kernel: [kernel, kernel], stride: [stride, stride], activation: 'relu' });

export const depthwise = (kernel: number, stride = 1, depthMultiplier = 1): OpTemplate =>
  template('depthwise_conv_2d', {
    kernel: [kernel, kernel],
    stride: [stride, stride],
    depthMultiplier,
    activation: 'relu',
  });

export const dense = (units: number): OpTemplate => template('fully_connected', { units });
