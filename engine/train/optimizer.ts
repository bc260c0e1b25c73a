/** Gradient descent on plain arrays: the same arithmetic, bit for bit, whatever backend computed the gradients. */

/** Per variable: first and second moments (SGD uses only the first, as its momentum). */
export type Moments = Map<string, readonly [Float32Array, Float32Array]>;

export interface Optimizer {
  /** Changes `values` in place. `step` counts from 1; `decay` is the share of the value taken off per unit of rate. */
  update(
    name: string,
    values: Float32Array,
    gradient: Float32Array,
    rate: number,
    decay: number,
    step: number,
  ): void;
  readonly moments: Moments;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const ADAM_EPSILON = 1e-7;
const SGD_MOMENTUM = 0.9;

function momentsOf(moments: Moments, name: string, length: number): readonly [Float32Array, Float32Array] {
  const known = moments.get(name);
  if (known?.[0].length === length) return known;
  const fresh = [new Float32Array(length), new Float32Array(length)] as const;
  moments.set(name, fresh);
  return fresh;
}

/** Adam with decoupled weight decay (https://arxiv.org/abs/1412.6980, https://arxiv.org/abs/1711.05101). */
export function adam(moments: Moments): Optimizer {
  return {
    moments,
    update(name, values, gradient, rate, decay, step) {
      const [m, v] = momentsOf(moments, name, values.length);
      const size = (rate * Math.sqrt(1 - BETA2 ** step)) / (1 - BETA1 ** step);
      const epsilon = ADAM_EPSILON * Math.sqrt(1 - BETA2 ** step);
      for (let i = 0; i < values.length; i++) {
        const g = gradient[i] ?? 0;
        const mi = (m[i] ?? 0) + (1 - BETA1) * (g - (m[i] ?? 0));
        const vi = (v[i] ?? 0) + (1 - BETA2) * (g * g - (v[i] ?? 0));
        m[i] = mi;
        v[i] = vi;
        const value = values[i] ?? 0;
        values[i] = value - (size * mi) / (Math.sqrt(vi) + epsilon) - rate * decay * value;
      }
    },
  };
}

/** Stochastic gradient descent with Nesterov momentum. */
export function sgd(moments: Moments): Optimizer {
  return {
    moments,
    update(name, values, gradient, rate, decay) {
      const [m] = momentsOf(moments, name, values.length);
      for (let i = 0; i < values.length; i++) {
        const value = values[i] ?? 0;
        const g = (gradient[i] ?? 0) + decay * value;
        const mi = SGD_MOMENTUM * (m[i] ?? 0) + g;
        m[i] = mi;
        values[i] = value - rate * (g + SGD_MOMENTUM * mi);
      }
    },
  };
}

/** Share of the peak rate at `step` of `steps`: linear warm-up, then half a cosine down to nearly zero. */
export function schedule(step: number, steps: number, warmupSteps: number): number {
  if (step < warmupSteps) return (step + 1) / warmupSteps;
  const done = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
  return Math.max(0.01, 0.5 * (1 + Math.cos(Math.PI * done)));
}
