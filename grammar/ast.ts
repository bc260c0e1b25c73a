/**
 * The syntax tree of a `.nas` file. Plain values without parents or behaviour, so that a tree can be built by
 * one pass of the parser, compared in tests and sent between processes.
 *
 * Offsets are UTF-16 code units from the start of the text, `end` exclusive, as LSP and VS Code count them.
 * Parsing never fails: what a person has not typed yet is `undefined` or a {@link MissingExpression}, never an
 * exception. Nothing here knows what a name means; that is `engine/space`.
 */

/** A stretch of source text, `[start, end)` in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Identifier extends Span {
  readonly kind: 'identifier';
  readonly name: string;
}

export interface StringLiteral extends Span {
  readonly kind: 'string';
  /** The text without its quotes, escapes resolved. */
  readonly value: string;
}

// ---------------------------------------------------------------- file and declarations

export interface SourceFile extends Span {
  readonly kind: 'file';
  readonly declarations: readonly Declaration[];
  readonly comments: readonly Comment[];
}

export interface Comment extends Span {
  readonly kind: 'comment';
  readonly style: 'line' | 'block';
}

export type Declaration =
  | ImportDeclaration
  | TargetDeclaration
  | DatasetDeclaration
  | BlockDeclaration
  | CellDeclaration
  | SpaceDeclaration
  | QuantizeDeclaration
  | SparsityDeclaration
  | ConstraintsDeclaration
  | ObjectivesDeclaration
  | SearchDeclaration;

/** `import { MB, DS as Separable } from "./blocks.nas"` or `import "./blocks.nas"` (every block and cell). */
export interface ImportDeclaration extends Span {
  readonly kind: 'import';
  readonly names: readonly ImportName[] | undefined;
  readonly path: StringLiteral | undefined;
}

export interface ImportName extends Span {
  readonly kind: 'importName';
  readonly name: Identifier;
  readonly alias: Identifier | undefined;
}

/** `target "nucleo-f446re" { runtime tflm + cmsis-nn; clock 180 MHz }` */
export interface TargetDeclaration extends Span {
  readonly kind: 'target';
  readonly board: StringLiteral | undefined;
  readonly properties: readonly Property[];
}

/** `dataset images("./vww96") { input 96x96x1; classes 2 }`, `dataset fashion-mnist` */
export interface DatasetDeclaration extends Span {
  readonly kind: 'dataset';
  readonly name: Identifier | undefined;
  readonly arguments: readonly Argument[];
  readonly properties: readonly Property[];
}

export interface BlockDeclaration extends Span {
  readonly kind: 'block';
  readonly name: Identifier | undefined;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
}

export interface Parameter extends Span {
  readonly kind: 'parameter';
  readonly name: Identifier;
  readonly default: Expression | undefined;
}

/** A cell for differentiable search: a graph whose edges choose among operators. */
export interface CellDeclaration extends Span {
  readonly kind: 'cell';
  readonly name: Identifier | undefined;
  readonly parameters: readonly Parameter[];
  readonly items: readonly CellItem[];
}

export type CellItem = EdgeItem | LimitItem | OutputItem;

/** `edge each <- {none | skip | conv 1x1}` or `edge 0 -> 2 <- {...}` */
export interface EdgeItem extends Span {
  readonly kind: 'edge';
  /** `undefined` for `edge each`. */
  readonly between: { readonly from: Expression; readonly to: Expression } | undefined;
  readonly operators: readonly OperatorStatement[];
}

/** `limit inputs per node <= 2` */
export interface LimitItem extends Span {
  readonly kind: 'limit';
  readonly value: Expression;
}

/** `output concat` | `output add` | `output last` */
export interface OutputItem extends Span {
  readonly kind: 'output';
  readonly merge: Identifier | undefined;
}

export interface SpaceDeclaration extends Span {
  readonly kind: 'space';
  readonly name: Identifier | undefined;
  readonly body: readonly Statement[];
}

/** `quantize int8`, `quantize {int8 | int16x8}` */
export interface QuantizeDeclaration extends Span {
  readonly kind: 'quantize';
  readonly value: Expression;
}

/** `sparsity {none | 2:4 | channel 0.5}` */
export interface SparsityDeclaration extends Span {
  readonly kind: 'sparsity';
  readonly options: readonly SparsityOption[];
}

export interface SparsityOption extends Span {
  readonly kind: 'sparsityOption';
  /** `none`, `channel`, or `n:m` for a pattern such as `2:4`. */
  readonly form: 'none' | 'n:m' | 'channel' | 'unknown';
  readonly n: number | undefined;
  readonly m: number | undefined;
  /** The share of channels removed, for `channel`. */
  readonly ratio: Expression | undefined;
}

export interface ConstraintsDeclaration extends Span {
  readonly kind: 'constraints';
  readonly items: readonly Constraint[];
}

/** `latency < 20 ms on "pico"`, `flash total < 256 KB` */
export interface Constraint extends Span {
  readonly kind: 'constraint';
  /** One word, or two with one blank in between: `latency`, `flash total`. */
  readonly metric: Identifier | undefined;
  readonly operator: '<' | '<=' | '>' | '>=' | '==' | undefined;
  readonly bound: Expression;
  readonly on: StringLiteral | undefined;
}

export interface ObjectivesDeclaration extends Span {
  readonly kind: 'objectives';
  readonly items: readonly Objective[];
}

/** `max accuracy weight 2`, `min latency on "pico"` */
export interface Objective extends Span {
  readonly kind: 'objective';
  readonly direction: 'max' | 'min';
  readonly metric: Identifier | undefined;
  readonly weight: Expression | undefined;
  readonly on: StringLiteral | undefined;
}

/** `search nsga2 { population 24; trials 300; fidelity 3..30 epochs; seed 7 }` */
export interface SearchDeclaration extends Span {
  readonly kind: 'search';
  readonly strategy: Identifier | undefined;
  readonly properties: readonly Property[];
}

/**
 * `name value { nested }`, the form of everything between the braces of target, dataset and search. There is more than
 * one value only where a name has several words.
 * A `{` that comes first is a choice (a value); one that follows a value opens nested properties.
 */
export interface Property extends Span {
  readonly kind: 'property';
  readonly name: Identifier;
  readonly values: readonly Expression[];
  readonly nested: readonly Property[] | undefined;
}

// ---------------------------------------------------------------- statements of a block or a space

export type Statement =
  | LetStatement
  | OperatorStatement
  | OperatorChoiceStatement
  | SkipStatement
  | ChoiceStatement
  | BranchesStatement
  | GroupStatement
  | RequireStatement;

/** What may follow a layer, call, choice, branches or group: `x0..2 same ? when c`. */
export interface Modifiers {
  readonly repeat: Repeat | undefined;
  /** The `?` of an optional layer. */
  readonly optional: Span | undefined;
  readonly conditions: readonly Condition[];
}

/** `x3`, `x0..2`, `x{2 | 3} same`. Without `same` every repetition draws afresh. */
export interface Repeat extends Span {
  readonly kind: 'repeat';
  readonly count: Expression;
  /** The word `same`, when written. */
  readonly same: Span | undefined;
}

/** `when c` or `unless c`. */
export interface Condition extends Span {
  readonly kind: 'condition';
  readonly word: 'when' | 'unless';
  readonly expression: Expression;
}

/** `let t = {2 | 3}` (one draw per use of the block) or `tie w = 0.25..1 step 0.25` (one per space). */
export interface LetStatement extends Span {
  readonly kind: 'let';
  readonly word: 'let' | 'tie';
  readonly name: Identifier | undefined;
  readonly value: Expression;
}

/**
 * A layer or the use of a block or cell; which of them it is depends on what `name` means.
 * `conv 3x3 -> 16 stride 2, bn, relu6 ?`, `MB(24, stride = 2) x0..2`, `gap`, `Normal x3 same`.
 */
export interface OperatorStatement extends Span, Modifiers {
  readonly kind: 'operator';
  readonly name: Identifier;
  /** Present when parentheses are written, even if empty. */
  readonly arguments: readonly Argument[] | undefined;
  /** The unnamed operand: the kernel of `conv 3x3`, the units of `lstm 32`. */
  readonly operand: Expression | undefined;
  /** After `->`. */
  readonly output: Expression | undefined;
  readonly parameters: readonly NamedValue[];
  /** After commas: `bn`, `relu6`, `dropout 0.2`, `{relu | hswish}`. */
  readonly followers: readonly AnyFollower[];
}

/** `stride 2`, `padding valid`, `dilation 2x1` */
export interface NamedValue extends Span {
  readonly kind: 'namedValue';
  readonly name: Identifier;
  readonly value: Expression;
}

export interface Follower extends Span {
  readonly kind: 'follower';
  readonly name: Identifier;
  readonly value: Expression | undefined;
}

/** `{relu | hswish | none}`: one of these follows; `none` and `identity` are nothing. */
export interface FollowerChoice extends Span {
  readonly kind: 'followerChoice';
  readonly options: readonly Follower[];
}

export type AnyFollower = Follower | FollowerChoice;

/** `{conv 3x3 | dwconv 5x5 | skip} -> 16 ...`: a choice among operators, followed by what all of them share. */
export interface OperatorChoiceStatement extends Span, Modifiers {
  readonly kind: 'operatorChoice';
  readonly options: readonly OperatorStatement[];
  /** `-> out`, parameters and followers written after the closing brace; they apply to every option that lacks its own. */
  readonly output: Expression | undefined;
  readonly parameters: readonly NamedValue[];
  readonly followers: readonly AnyFollower[];
}

/** `skip add when stride == 1 and out == in`: joins the input of the enclosing body to what it has computed so far. */
export interface SkipStatement extends Span {
  readonly kind: 'skip';
  readonly merge: 'add' | 'concat';
  /** An activation after the join: `skip add, relu`. */
  readonly followers: readonly AnyFollower[];
  readonly conditions: readonly Condition[];
}

/** `choice { uniform: DS(c) x3..5;  taper: { DS(c) x2; DS(c * 1.5) } }` */
export interface ChoiceStatement extends Span, Modifiers {
  readonly kind: 'choice';
  readonly alternatives: readonly Alternative[];
}

/** `branches add { a: { ... }; b: { ... } }`: every branch sees the same input; results are joined. */
export interface BranchesStatement extends Span, Modifiers {
  readonly kind: 'branches';
  readonly merge: 'add' | 'concat' | undefined;
  readonly alternatives: readonly Alternative[];
  readonly followers: readonly AnyFollower[];
}

export interface Alternative extends Span {
  readonly kind: 'alternative';
  readonly label: Identifier;
  readonly body: readonly Statement[];
}

/** `{ conv 1x1 -> 16; dwconv 3x3 } x2` */
export interface GroupStatement extends Span, Modifiers {
  readonly kind: 'group';
  readonly body: readonly Statement[];
}

/** `require w * 64 <= 48`: architectures for which it is false are not in the space. */
export interface RequireStatement extends Span {
  readonly kind: 'require';
  readonly condition: Expression;
}

// ---------------------------------------------------------------- expressions

export type Expression =
  | NumberExpression
  | DimensionsExpression
  | StringLiteral
  | NameExpression
  | ChoiceExpression
  | RangeExpression
  | UnaryExpression
  | BinaryExpression
  | CallExpression
  | ConditionalExpression
  | MissingExpression;

/** `12`, `0.25`, `32 KB`, `180 MHz`. The unit is as written; `engine/space` converts it. */
export interface NumberExpression extends Span {
  readonly kind: 'number';
  readonly value: number;
  readonly unit: Identifier | undefined;
}

/** `3x3`, `96x96x1` */
export interface DimensionsExpression extends Span {
  readonly kind: 'dimensions';
  readonly values: readonly number[];
}

export interface NameExpression extends Span {
  readonly kind: 'name';
  readonly name: string;
}

/** `{16 | 24 | 32}`: one of these. */
export interface ChoiceExpression extends Span {
  readonly kind: 'choiceExpression';
  readonly options: readonly Expression[];
}

/** `0.25..0.75 step 0.125`, `1e-4..1e-2 log 5`, `3..30 epochs` */
export interface RangeExpression extends Span {
  readonly kind: 'range';
  readonly low: Expression;
  readonly high: Expression;
  readonly step: Expression | undefined;
  /** `log n`: n values spaced evenly in the logarithm, both ends included. */
  readonly log: Expression | undefined;
}

export interface UnaryExpression extends Span {
  readonly kind: 'unary';
  readonly operator: '-' | 'not';
  readonly operand: Expression;
}

export type BinaryOperator =
  'or' | 'and' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%';

export interface BinaryExpression extends Span {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/** `round8(16 * w)`, `min(a, b)` */
export interface CallExpression extends Span {
  readonly kind: 'call';
  readonly callee: Identifier;
  readonly arguments: readonly Argument[];
}

/** `32 when stride == 2 else 16` */
export interface ConditionalExpression extends Span {
  readonly kind: 'conditional';
  readonly value: Expression;
  readonly condition: Expression;
  readonly otherwise: Expression;
}

export interface Argument extends Span {
  readonly kind: 'argument';
  readonly name: Identifier | undefined;
  readonly value: Expression;
}

/** Where an expression should stand and does not (yet). Empty span at the place. */
export interface MissingExpression extends Span {
  readonly kind: 'missing';
}

// ---------------------------------------------------------------- problems

/** A syntax problem; `start < end` except at the very end of the text, and both lie inside it. */
export interface SyntaxProblem extends Span {
  readonly code:
    | 'syntax/unexpected-character'
    | 'syntax/unexpected-token'
    | 'syntax/missing-token'
    | 'syntax/unclosed'
    /** The text is so long that it is not read. */
    | 'syntax/too-large';
  readonly message: string;
  /** Text that would mend it when inserted at `start`, when one token is missing. */
  readonly insert: string | undefined;
}

export interface ParseResult {
  readonly file: SourceFile;
  readonly problems: readonly SyntaxProblem[];
}
