/** Elaboration of each kind of statement. */

import type * as ast from '../../../grammar/ast.ts';
import { operators } from '../../operators/words.ts';
import { type Compiled, constant } from './compile.ts';
import type { Body } from './body.ts';
import type { Elaborator } from './elaborate.ts';
import { useBlock } from './use-block.ts';
import { followersOf, planFollowers } from './followers.ts';
import { formOf, namedTensors, type NamedTensors } from './layer-plan.ts';
import { repeatCounts } from './repeat-counts.ts';
import { tensorSlot, type TensorSlot } from './slots.ts';
import { writeInput } from './write-input.ts';
import { writeChain, writeLayer } from './write-layer.ts';

export function elaborateStatement(elaborator: Elaborator, statement: ast.Statement, body: Body): void {
  switch (statement.kind) {
    case 'let':
      elaborateLet(elaborator, statement, body);
      return;
    case 'require':
      elaborateRequire(elaborator, statement, body);
      return;
    case 'skip':
      elaborateSkip(elaborator, statement, body);
      return;
    case 'operator': {
      const local = elaborator.localName(statement.name.name, body);
      const holdsOthers = !operators.has(statement.name.name) || isChain(statement);
      modified(elaborator, statement, statement, local, body, holdsOthers, (name, choice) => {
        elaborateOperator(elaborator, statement, body, name, choice);
      });
      return;
    }
    case 'operatorChoice':
      elaborateOperatorChoice(elaborator, statement, body);
      return;
    case 'choice':
      elaborateChoice(elaborator, statement, body);
      return;
    case 'branches':
      elaborateBranches(elaborator, statement, body);
      return;
    case 'group':
      elaborateGroup(elaborator, statement, body);
  }
}

/** Conditions, then `?`, then the repeat, then what the statement does once. */
function modified(
  elaborator: Elaborator,
  statement: ast.Statement,
  modifiers: ast.Modifiers,
  local: string,
  body: Body,
  holdsOthers: boolean,
  once: (namePath: string, choicePath: string) => void,
): void {
  const { emitter } = elaborator;
  const id = body.choicePath + local;
  const name = body.namePath + local;
  const runOnce = (suffix: string, choiceSuffix: string): void => {
    if (!holdsOthers) {
      once(name + suffix, id + choiceSuffix);
      return;
    }
    const region = emitter.openRegion({
      statement: elaborator.origins.get(statement) ?? statement,
      file: body.file.file,
      tensor: elaborator.current,
    });
    once(name + suffix, id + choiceSuffix);
    emitter.closeRegion(region);
  };
  emitter.conditionally((patch) => {
    elaborator.conditions(modifiers.conditions, { statement, body }, id, patch);
    if (modifiers.optional !== undefined) {
      const options = ['absent', 'present'];
      const slot = elaborator.choice(`${id}/present`, 'optional', options, body.file, modifiers.optional);
      emitter.draw(slot);
      patch.push(emitter.test([slot], (registers) => registers[slot.register] === 2));
    }
    const { repeat } = modifiers;
    if (repeat === undefined) {
      runOnce('', '');
      return;
    }
    const { count, least, most } = repeatCounts(elaborator, repeat, { statement, body }, `${id}/repeat`);
    emitter.conditionally((inner) => {
      for (let repetition = 0; repetition < most; repetition++) {
        if (repetition >= least) inner.push(emitter.test(count.reads, moreThan(count, repetition)));
        const suffix = `[${repetition}]`;
        runOnce(suffix, repeat.same === undefined ? suffix : '');
      }
    });
  });
}

function moreThan(count: Compiled, repetition: number): (registers: number[]) => boolean {
  return (registers) => {
    const value = count.evaluate(registers);
    return typeof value !== 'number' || Math.round(value) > repetition;
  };
}

function elaborateLet(elaborator: Elaborator, statement: ast.LetStatement, body: Body): void {
  const name = statement.name?.name;
  if (name === undefined) return;
  const id = statement.word === 'tie' ? body.tiePath + name : body.choicePath + name;
  body.scope.names.set(name, elaborator.bound(statement.value, body, id));
}

function elaborateRequire(elaborator: Elaborator, statement: ast.RequireStatement, body: Body): void {
  const id = body.choicePath + elaborator.localName('require', body);
  const condition = elaborator.forced(statement.condition, { statement, body }, id);
  const source = body.file.sourceOf(statement);
  elaborator.emitter.emit({ kind: 'require', condition, statement, source, reads: condition.reads });
}

/** Of a skip and of branches: shapes that only happen to fit, as one pixel does, are a mistake. */
const exactly = [{ name: 'exact', value: constant(true) }];

function elaborateSkip(elaborator: Elaborator, statement: ast.SkipStatement, body: Body): void {
  const { emitter, current } = elaborator;
  const { input } = body;
  if (input === undefined) return;
  const local = elaborator.localName('skip', body);
  emitter.conditionally((patch) => {
    elaborator.conditions(statement.conditions, { statement, body }, body.choicePath + local, patch, input);
    const after = planFollowers(statement.followers);
    const remedy = statement.conditions.length === 0 ? body.remedy : undefined;
    writeLayer(elaborator, body, {
      statement,
      name: body.namePath + local,
      operator: statement.merge,
      attributes: exactly,
      followers: followersOf(elaborator, after, { statement, body }, body.choicePath + local),
      inputs: [input, current],
      form: formOf(statement.merge, exactly, after, remedy),
      remedy,
    });
  });
}

/** A layer or the use of a block, once. */
function elaborateOperator(
  elaborator: Elaborator,
  statement: ast.OperatorStatement,
  body: Body,
  namePath: string,
  choicePath: string,
): void {
  const plan = elaborator.planOf(statement);
  if (plan === undefined) {
    const names = namedTensors(statement);
    startFrom(elaborator, names, body);
    const entry = elaborator.blockNamed(statement.name.name, body.file);
    if (entry === undefined) elaborator.doubt();
    else useBlock(elaborator, statement, entry, body, namePath, choicePath);
    keepAs(elaborator, names, body);
    return;
  }
  const { info, tensors } = plan;
  const { name } = info;
  if (name === 'input') {
    const { input } = elaborator;
    if (input.kind === 'chosen' && input.statement === statement) writeInput(elaborator, input, body);
    keepAs(elaborator, plan, body);
    return;
  }
  const { current } = elaborator;
  if (name === 'output') {
    elaborator.outputs = tensors.flatMap((tensor) => body.tensors.get(tensor) ?? []);
    return;
  }
  startFrom(elaborator, plan, body);
  if (info.later || !plan.complete) elaborator.doubt();
  else if (!plan.passes) {
    const inputs: TensorSlot[] = [];
    if (info.tensors === undefined || info.makesTensors || tensors.length === 0) inputs.push(current);
    else {
      // One name is joined to what arrives.
      if (tensors.length === 1 && name !== 'other') inputs.push(current);
      for (const tensor of tensors) {
        const slot = body.tensors.get(tensor);
        if (slot !== undefined) inputs.push(slot);
      }
    }
    const attributes = plan.attributes.map((attribute) => ({
      name: attribute.name,
      value: elaborator.forced(attribute.expression, { statement, body }, `${choicePath}/${attribute.hint}`),
    }));
    if (info.makesTensors) attributes.push({ name: 'parts', value: constant(tensors.length) });
    // Nothing follows several tensors; it has been reported.
    const after = info.makesTensors ? [] : plan.followers;
    const followers = followersOf(elaborator, after, { statement, body }, choicePath);
    const draft = { statement, name: namePath, operator: name, attributes, followers, remedy: undefined };
    if (isChain(statement)) writeChain(elaborator, body, draft, inputs, after);
    else writeLayer(elaborator, body, { ...draft, inputs, form: plan.form });
    if (info.makesTensors) tensors.forEach((tensor, part) => keepTensor(elaborator, tensor, part, body));
  }
  keepAs(elaborator, plan, body);
}

/**
 * Whether what is written joins more than two tensors of one shape. No 8-bit kernel of LiteRT adds more than two (its
 * ADD_N is for float32 and int32, kernels/add_n.cc), so they are joined one after the other.
 */
const isChain = ({ name, arguments: tensors = [] }: ast.OperatorStatement): boolean =>
  tensors.length > 2 && operators.get(name.name)?.makes?.joins === 'broadcast';

function startFrom(elaborator: Elaborator, { from }: NamedTensors, { tensors }: Body): void {
  if (from === undefined) return;
  const { emitter, current } = elaborator;
  const slot = tensors.get(from);
  if (slot === undefined) elaborator.doubt();
  else emitter.move(slot, current);
}

function keepAs(elaborator: Elaborator, { as }: NamedTensors, body: Body): void {
  if (as !== undefined) keepTensor(elaborator, as, 0, body);
}

/** Names a tensor of the operator that has put out the current one. */
function keepTensor(elaborator: Elaborator, name: string, part: number, { tensors }: Body): void {
  const { emitter, current } = elaborator;
  if (!tensors.has(name)) elaborator.nameTensor(name);
  const slot = tensors.get(name) ?? tensorSlot(name);
  tensors.set(name, slot);
  emitter.move(current, slot, part);
}

function elaborateOperatorChoice(
  elaborator: Elaborator,
  statement: ast.OperatorChoiceStatement,
  body: Body,
): void {
  const local = elaborator.localName('choice', body);
  modified(elaborator, statement, statement, local, body, true, (name, choice) => {
    const alternatives = statement.options.map((option) => ({
      label: body.file.text.slice(option.start, option.end).replace(/\s+/g, ' ').trim(),
      write: () => {
        const merged: ast.OperatorStatement = {
          ...option,
          // What stands after the braces applies to every layer that lacks its own and can take it.
          output:
            option.output ??
            (operators.get(option.name.name)?.output === undefined ? undefined : statement.output),
          parameters: [
            ...option.parameters,
            ...statement.parameters.filter((shared) => acceptsParameter(option, shared.name.name)),
          ],
          followers: [...option.followers, ...(passesThrough(option) ? [] : statement.followers)],
        };
        elaborator.origins.set(merged, option);
        const counters = new Map<string, number>();
        const inner: Body = { ...body, counters, namePath: `${name}/`, choicePath: `${choice}/` };
        elaborateStatement(elaborator, merged, inner);
      },
    }));
    oneOf(elaborator, body, `${choice}/operator`, 'operator', statement, alternatives);
  });
}

function passesThrough(option: ast.OperatorStatement): boolean {
  return ['none', 'skip', 'identity'].includes(option.name.name);
}

function acceptsParameter(option: ast.OperatorStatement, name: string): boolean {
  const info = operators.get(option.name.name);
  if (option.parameters.some((own) => own.name.name === name)) return false;
  return name === 'as' || (info?.parameters.some((known) => known.name === name) ?? false);
}

function elaborateChoice(elaborator: Elaborator, statement: ast.ChoiceStatement, body: Body): void {
  const local = elaborator.localName('choice', body);
  modified(elaborator, statement, statement, local, body, true, (name, choice) => {
    const alternatives = statement.alternatives.map((alternative) => {
      const label = alternative.label.name;
      return {
        label,
        write: () =>
          elaborator.body(alternative.body, {
            ...body,
            namePath: `${name}/${label}/`,
            choicePath: `${choice}/${label}/`,
          }),
      };
    });
    oneOf(elaborator, body, `${choice}/alternative`, 'alternative', statement, alternatives);
  });
}

function oneOf(
  elaborator: Elaborator,
  body: Body,
  id: string,
  kind: 'operator' | 'alternative',
  statement: ast.Statement,
  alternatives: readonly { readonly label: string; readonly write: () => void }[],
): void {
  const { emitter } = elaborator;
  if (alternatives.length <= 1) {
    alternatives[0]?.write();
    return;
  }
  const labels = alternatives.map((alternative) => alternative.label);
  const slot = elaborator.choice(id, kind, labels, body.file, statement);
  emitter.draw(slot);
  const select = emitter.switch(slot, alternatives.length);
  emitter.conditionally((patch) => {
    alternatives.forEach((alternative, index) => {
      emitter.startOption(select, index);
      emitter.alternative(alternative.write);
      if (index < alternatives.length - 1) patch.push(emitter.jump());
    });
  });
}

function elaborateBranches(elaborator: Elaborator, statement: ast.BranchesStatement, body: Body): void {
  const local = elaborator.localName('branches', body);
  modified(elaborator, statement, statement, local, body, true, (name, choice) => {
    const { emitter, current } = elaborator;
    const input = tensorSlot('input of the branches');
    emitter.move(current, input);
    const results = statement.alternatives.map((alternative, index) => {
      if (index > 0) emitter.move(input, current);
      const label = alternative.label.name;
      elaborator.body(alternative.body, {
        ...body,
        namePath: `${name}/${label}/`,
        choicePath: `${choice}/${label}/`,
      });
      const result = tensorSlot(`result of ${label}`);
      emitter.move(current, result);
      return result;
    });
    const [first, ...rest] = results;
    if (first === undefined) return;
    const operator = statement.merge ?? 'add';
    const after = planFollowers(statement.followers);
    const followers = followersOf(elaborator, after, { statement, body }, choice);
    // One branch alone is joined to nothing.
    if (operator === 'concat' && (rest.length > 0 || followers.length > 0)) {
      writeLayer(elaborator, body, {
        statement,
        name: `${name}/concat`,
        operator,
        attributes: [],
        followers,
        inputs: results,
        form: formOf(operator, [], after, undefined),
        remedy: undefined,
      });
      return;
    }
    emitter.move(first, current);
    const draft = { statement, name: `${name}/add`, operator, attributes: exactly, followers };
    writeChain(elaborator, body, { ...draft, remedy: undefined }, [current, ...rest], after);
  });
}

function elaborateGroup(elaborator: Elaborator, statement: ast.GroupStatement, body: Body): void {
  const local = elaborator.localName('group', body);
  modified(elaborator, statement, statement, local, body, true, (name, choice) =>
    elaborator.body(statement.body, { ...body, namePath: `${name}/`, choicePath: `${choice}/` }),
  );
}
