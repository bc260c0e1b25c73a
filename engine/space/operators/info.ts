/** What is known of an operator, and how an entry of the catalogue is written. */

/** `count`: a positive integer. `pair`: `3` (square) or `3x1`. `dims`: the shape of a tensor. */
export type ValueKind = 'count' | 'number' | 'pair' | 'dims' | 'word' | 'tensor' | 'switch';

export interface OperatorParameter {
  readonly name: string;
  readonly kind: ValueKind;
  readonly documentation: string;
  /** As a person would write it; `undefined` when it has to be given. */
  readonly default: string | undefined;
  /** For `word`. */
  readonly words?: readonly string[];
}

export interface OperatorInfo {
  readonly name: string;
  readonly documentation: string;
  /** The unnamed value after the name, such as the kernel of `conv 3x3`. */
  readonly operand: (Omit<OperatorParameter, 'name'> & { readonly name: string }) | undefined;
  /** What stands after `->`. */
  readonly output: OperatorParameter | undefined;
  readonly parameters: readonly OperatorParameter[];
  /** Names of tensors in parentheses: how many. */
  readonly tensors: { readonly least: number; readonly most: number } | undefined;
  /** What may follow after a comma. */
  readonly followers: readonly string[];
  /** The operator has weights, so `bn` can be folded into it. */
  readonly weighted: boolean;
  /** relu and relu6 after it cost nothing: the runtime applies them while it writes the output. */
  readonly fuses: boolean;
  /** It parses and is checked, but cannot be searched or priced yet. */
  readonly later: boolean;
  /** A snippet in the syntax of LSP, for completion. */
  readonly snippet: string;
}

const activations = ['relu', 'relu6', 'hswish', 'sigmoid', 'tanh', 'leaky', 'softmax'] as const;
/** What may follow a layer with weights. */
export const afterWeights = ['bn', ...activations, 'dropout'];
const afterOthers = [...activations, 'dropout'];

/** An entry; what is left out is what most operators have. */
export function define(
  name: string,
  documentation: string,
  rest: Partial<Omit<OperatorInfo, 'name' | 'documentation'>>,
): OperatorInfo {
  return {
    name,
    documentation,
    operand: undefined,
    output: undefined,
    parameters: [],
    tensors: undefined,
    followers: afterOthers,
    weighted: false,
    fuses: false,
    later: false,
    snippet: name,
    ...rest,
  };
}
