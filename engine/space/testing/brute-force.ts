/**
 * A second reading of the language, for tests: goes through a space statement by statement, as the reference says
 * it, once for every way to decide. It shares nothing with the engine but the syntax tree, and knows only the
 * operators that the tests of meaning need.
 */

import {
  type AnyFollower,
  type Argument,
  type BlockDeclaration,
  type Condition,
  type Expression,
  type Modifiers,
  type OperatorStatement,
  type Parameter,
  parse,
  type SpaceDeclaration,
  type Statement,
} from '../../../grammar/index.ts';
import { broadcast, Excluded, join, type Tensor } from './joined-tensors.ts';

type Value = number | boolean | readonly number[];

/** A name: its expression where it was written, not drawn before it is read. */
interface Binding {
  readonly expression: Expression;
  readonly place: Place;
}

/** Where a statement is being read: names, tensors, and the path that tells one instance from another. */
interface Place {
  readonly names: ReadonlyMap<string, Binding>;
  /** Shared by everything inside one block or space. */
  readonly tensors: Map<string, Tensor>;
  /** Instances of the same path draw the same. */
  readonly path: string;
  /** What arrives at the body around the statement. */
  readonly entry: Tensor;
  /** What arrives at the statement. */
  current: Tensor;
}

/** The run asked for a decision that was not made yet. */
class Undecided extends Error {
  readonly options: number;
  constructor(options: number) {
    super();
    this.options = options;
  }
}

/** Every architecture of the first space of a text, each as its operators, in no particular order. */
export function readAll(text: string): readonly string[] {
  const { declarations } = parse(text).file;
  const space = declarations.find((declaration) => declaration.kind === 'space');
  if (space === undefined) throw new Error('No space.');
  const blocks = new Map(
    declarations.flatMap((one) => (one.kind === 'block' && one.name ? [[one.name.name, one] as const] : [])),
  );
  const found: string[] = [];
  const waiting: (readonly number[])[] = [[]];
  for (let tape = waiting.pop(); tape !== undefined; tape = waiting.pop()) {
    try {
      found.push(new Run(space, blocks, tape).read());
    } catch (reason) {
      if (reason instanceof Undecided) {
        for (let option = 0; option < reason.options; option++) waiting.push([...tape, option]);
      } else if (!(reason instanceof Excluded)) throw reason;
    }
  }
  return found.sort();
}

class Run {
  private readonly space: SpaceDeclaration;
  private readonly blocks: ReadonlyMap<string, BlockDeclaration>;
  private readonly tape: readonly number[];
  private readonly drawn = new Map<string, number>();
  private readonly log: string[] = [];

  constructor(
    space: SpaceDeclaration,
    blocks: ReadonlyMap<string, BlockDeclaration>,
    tape: readonly number[],
  ) {
    this.space = space;
    this.blocks = blocks;
    this.tape = tape;
  }

  read(): string {
    const none: Tensor = [0, 0, 0];
    this.body(this.space.body, {
      names: new Map(),
      tensors: new Map(),
      path: '',
      entry: none,
      current: none,
    });
    return this.log.join('; ');
  }

  /** One of `options`, the same whenever it is asked for under the same key. */
  private draw(key: string, options: number): number {
    if (options === 1) return 0;
    const known = this.drawn.get(key);
    if (known !== undefined) return known;
    const option = this.tape[this.drawn.size];
    if (option === undefined) throw new Undecided(options);
    this.drawn.set(key, option);
    return option;
  }

  // ---------------------------------------------------------------- statements

  /** The statements of a body, one after the other; gives what they put out. */
  private body(
    statements: readonly Statement[],
    around: Omit<Place, 'current'> & { current: Tensor },
  ): Tensor {
    const names = new Map(around.names);
    const place: Place = { ...around, names, entry: around.current };
    statements.forEach((statement, index) => {
      const here: Place = { ...place, names: new Map(names), path: `${around.path}/${index}` };
      here.current = place.current;
      if (statement.kind === 'let') {
        if (statement.name === undefined) return;
        const path = statement.word === 'tie' ? `tie@${statement.start}` : here.path;
        names.set(statement.name.name, { expression: statement.value, place: { ...here, path } });
      } else place.current = this.statement(statement, here);
    });
    return place.current;
  }

  private statement(statement: Statement, place: Place): Tensor {
    switch (statement.kind) {
      case 'require':
        if (this.value(statement.condition, place) !== true) throw new Excluded();
        return place.current;
      case 'skip': {
        // In the condition `in` is what comes over the skip.
        if (!this.holds(statement.conditions, { ...place, current: place.entry })) return place.current;
        const joined = join(statement.merge, [place.entry, place.current]);
        this.follow(statement.followers, place);
        return joined;
      }
      case 'let':
        return place.current;
      case 'operator':
        return this.modified(statement, place, (here) => this.layer(statement, here));
      case 'operatorChoice':
        return this.modified(statement, place, (here) => {
          const chosen = statement.options[this.draw(`${here.path}{`, statement.options.length)];
          if (chosen === undefined) throw new Error('No option.');
          const { name } = chosen.name;
          const isSilent = name === 'skip' || name === 'none' || name === 'identity';
          const output = chosen.output ?? (isSilent || name === 'dwconv' ? undefined : statement.output);
          const parameters = isSilent ? [] : [...chosen.parameters, ...statement.parameters];
          const result = this.layer({ ...chosen, output, parameters }, here);
          if (!isSilent) this.follow(statement.followers, here);
          return result;
        });
      case 'choice':
        return this.modified(statement, place, (here) => {
          const index = this.draw(`${here.path}:`, statement.alternatives.length);
          const chosen = statement.alternatives[index]?.body ?? [];
          return this.body(chosen, { ...here, path: `${here.path}:${index}` });
        });
      case 'branches':
        return this.modified(statement, place, (here) => {
          const results = statement.alternatives.map((one, index) =>
            this.body(one.body, { ...here, path: `${here.path}|${index}` }),
          );
          const joined = join(statement.merge ?? 'add', results);
          this.follow(statement.followers, here);
          return joined;
        });
      case 'group':
        return this.modified(statement, place, (here) => this.body(statement.body, here));
    }
  }

  /** `x0..2 same ? when c` around what `build` does. */
  private modified(modifiers: Modifiers, place: Place, build: (place: Place) => Tensor): Tensor {
    if (!this.holds(modifiers.conditions, place)) return place.current;
    if (modifiers.optional !== undefined && this.draw(`${place.path}?`, 2) === 0) return place.current;
    if (modifiers.repeat === undefined) return build(place);
    const { count, same } = modifiers.repeat;
    const times = Number(this.value(count, { ...place, path: `${place.path}x` }));
    for (let time = 0; time < times; time++) {
      const path = same === undefined ? `${place.path}#${time}` : `${place.path}#`;
      place.current = build({ ...place, path });
    }
    return place.current;
  }

  private holds(conditions: readonly Condition[], place: Place): boolean {
    return conditions.every(({ word, expression }) => this.value(expression, place) === (word === 'when'));
  }

  // ---------------------------------------------------------------- layers

  private layer(statement: OperatorStatement, place: Place): Tensor {
    const { name } = statement.name;
    const block = this.blocks.get(name);
    const from = this.nameIn(statement, 'from');
    if (from !== undefined) place.current = tensorNamed(place, from);
    const result = block === undefined ? this.operator(statement, place) : this.use(block, statement, place);
    this.follow(statement.followers, place);
    const as = this.nameIn(statement, 'as');
    if (as !== undefined) place.tensors.set(as, result);
    return result;
  }

  /** Activations behind a layer, whether they cost an operator or not. */
  private follow(followers: readonly AnyFollower[], place: Place): void {
    for (const follower of followers) {
      const options = follower.kind === 'follower' ? [follower] : follower.options;
      const one = options[this.draw(`${place.path},${follower.start}`, options.length)];
      const value = one?.value === undefined ? '' : ` ${String(this.value(one.value, place))}`;
      const name = one?.name.name ?? 'none';
      if (!['bn', 'dropout', 'none', 'identity'].includes(name)) this.log.push(name + value);
    }
  }

  private nameIn(statement: OperatorStatement, word: string): string | undefined {
    const value = statement.parameters.find(({ name }) => name.name === word)?.value;
    return value?.kind === 'name' ? value.name : undefined;
  }

  private use(block: BlockDeclaration, statement: OperatorStatement, place: Place): Tensor {
    const names = new Map<string, Binding>();
    const inside = { ...place, names, tensors: new Map<string, Tensor>(), path: `${place.path}>` };
    block.parameters.forEach((parameter, index) => {
      const given = argumentOf(statement.arguments ?? [], parameter, index);
      const expression = given?.value ?? parameter.default;
      if (expression === undefined) throw new Error(`No ${parameter.name.name}.`);
      const home = given === undefined ? inside : place;
      const bound = { ...home, names: new Map(home.names), path: `${place.path}(${index}` };
      names.set(parameter.name.name, { expression, place: bound });
    });
    return this.body(block.body, inside);
  }

  private operator(statement: OperatorStatement, place: Place): Tensor {
    const [height, width, channels] = place.current;
    const parameter = (word: string): Expression | undefined =>
      statement.parameters.find(({ name }) => name.name === word)?.value;
    const operand = (): readonly [number, number] => this.pair(statement.operand, place);
    const strideOf = (): readonly [number, number] => this.pair(parameter('stride'), place);
    const output = (): number => Math.max(1, Math.round(Number(this.value(statement.output, place))));
    const { name } = statement.name;
    switch (name) {
      case 'input': {
        const [h = 0, w = 0, c = 0] = this.value(statement.operand, place) as readonly number[];
        return [h, w, c];
      }
      case 'conv':
      case 'dwconv':
      case 'maxpool': {
        const kernel = operand();
        const stride = strideOf();
        const size = [Math.ceil(height / stride[0]), Math.ceil(width / stride[1])] as const;
        const out = name === 'conv' ? output() : channels;
        this.log.push(`${name} ${kernel.join('x')}/${stride.join('x')} -> ${[...size, out].join('x')}`);
        return [...size, out];
      }
      case 'gap':
        return [1, 1, channels];
      case 'dense': {
        const out = output();
        this.log.push(`dense -> ${out}`);
        return [1, 1, out];
      }
      case 'add':
      case 'concat': {
        const given = (statement.arguments ?? []).map(({ value }) =>
          value.kind === 'name' ? tensorNamed(place, value.name) : place.current,
        );
        const joined = given.length === 1 ? [place.current, ...given] : given;
        return name === 'add' ? broadcast(joined) : join(name, joined);
      }
      case 'identity':
      case 'none':
      case 'skip':
        return place.current;
      case 'relu':
      case 'hswish':
        this.log.push(name);
        return place.current;
      default:
        throw new Error(`This reading does not know ${name}.`);
    }
  }

  private pair(expression: Expression | undefined, place: Place): readonly [number, number] {
    const value = expression === undefined ? 1 : this.value(expression, place);
    if (typeof value === 'number') return [value, value];
    const [rows = 1, columns = 1] = value as readonly number[];
    return [rows, columns];
  }

  // ---------------------------------------------------------------- values

  private value(expression: Expression | undefined, place: Place): Value {
    switch (expression?.kind) {
      case 'number':
        return expression.value;
      case 'dimensions':
        return expression.values;
      case 'name':
        return this.named(expression.name, place);
      case 'choiceExpression': {
        const option = this.draw(`${place.path}@${expression.start}`, expression.options.length);
        return this.value(expression.options[option], place);
      }
      case 'conditional': {
        const holds = this.value(expression.condition, place) === true;
        return this.value(holds ? expression.value : expression.otherwise, place);
      }
      case 'range': {
        const low = Number(this.value(expression.low, place));
        const high = Number(this.value(expression.high, place));
        const step = expression.step === undefined ? 1 : Number(this.value(expression.step, place));
        const count = Math.round((high - low) / step) + 1;
        // Its lower end may be a choice, which begins at the same place.
        return low + step * this.draw(`${place.path}..${expression.start}`, Math.max(0, count));
      }
      case 'unary': {
        const value = this.value(expression.operand, place);
        return expression.operator === 'not' ? value !== true : -Number(value);
      }
      case 'binary':
        return this.binary(expression.operator, expression.left, expression.right, place);
      case 'call': {
        const values = expression.arguments.map(({ value }) => Number(this.value(value, place)));
        const name = expression.callee.name;
        if (name === 'max') return Math.max(...values);
        if (name === 'min') return Math.min(...values);
        if (name === 'dims') return values;
        throw new Error(`This reading does not know ${name}.`);
      }
      default:
        throw new Error('No value.');
    }
  }

  private named(name: string, place: Place): Value {
    const binding = place.names.get(name);
    if (binding !== undefined) return this.value(binding.expression, binding.place);
    if (name === 'in') return place.current[2];
    if (name === 'height') return place.current[0];
    if (name === 'width') return place.current[1];
    if (name === 'true' || name === 'false') return name === 'true';
    throw new Error(`No ${name}.`);
  }

  /** Both sides are read, whatever the first says. */
  private binary(operator: string, left: Expression, right: Expression, place: Place): Value {
    const a = this.value(left, place);
    const b = this.value(right, place);
    if (operator === 'and') return a === true && b === true;
    if (operator === 'or') return a === true || b === true;
    if (operator === '==') return String(a) === String(b);
    if (operator === '!=') return String(a) !== String(b);
    const [x, y] = [Number(a), Number(b)];
    switch (operator) {
      case '<':
        return x < y;
      case '<=':
        return x <= y;
      case '>':
        return x > y;
      case '>=':
        return x >= y;
      case '+':
        return x + y;
      case '-':
        return x - y;
      case '*':
        return x * y;
      case '/':
        return x / y;
      default:
        return x % y;
    }
  }
}

function argumentOf(given: readonly Argument[], { name }: Parameter, index: number): Argument | undefined {
  return (
    given.filter((argument) => argument.name === undefined)[index] ??
    given.find((argument) => argument.name?.name === name.name)
  );
}

function tensorNamed(place: Place, name: string): Tensor {
  const found = place.tensors.get(name);
  if (found === undefined) throw new Excluded();
  return found;
}
