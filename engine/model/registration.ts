/** Which calls of the runtime take a network's operators into the firmware, as the runtime's file says. */

import type { Target } from '../cost/index.ts';
import { tfliteNameOf } from '../operators/catalogue.ts';
import type { Network } from '../space/network.ts';

type Runtime = Target['runtime'];

export interface Registration {
  /** As C++ writes it; `undefined` for a runtime whose file has no such calls. */
  readonly resolver: string | undefined;
  /** Each once, in order of first use. */
  readonly calls: readonly string[];
  /** Operators, by their names in a `.tflite`, for which the file knows no call. */
  readonly unknown: readonly string[];
}

export function registrationOf(network: Network, { registration }: Runtime): Registration {
  const names = network.ops.map(tfliteNameOf).filter((name) => name !== undefined);
  const calls = new Set<string>();
  const unknown = new Set<string>();
  for (const name of names) {
    const call = callOf(registration, name);
    if (call === undefined) unknown.add(name);
    else calls.add(call);
  }
  return { resolver: registration?.resolver, calls: [...calls], unknown: [...unknown] };
}

/** Names come from files: one may be that of a property which every object has. */
export function callOf(registration: Runtime['registration'], name: string): string | undefined {
  return registration !== undefined && Object.hasOwn(registration.calls, name)
    ? registration.calls[name]
    : undefined;
}

/** What a person has to do for the operators that have no call; `undefined` when every one has. */
export function registrationGap({ resolver, unknown }: Registration, runtime: Runtime): string | undefined {
  if (unknown.length === 0) return undefined;
  const operators = unknown.join(', ');
  return resolver === undefined
    ? `The profile of ${runtime.name} names no calls that register operators. If your firmware registers them one by one, take in ${operators}.`
    : `The profile of ${runtime.name} names no call for ${operators}: look for it in its documentation, or take another runtime.`;
}
