/**
 * A space is built from the parts of the version before that an edit did not reach. Whatever was typed, it must be
 * the space that the text gives when it is read afresh: problems, choices, sizes, shapes, costs and architectures.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { URI, Utils } from 'vscode-uri';
import { boundSpace, type StatementBounds } from '../../engine/cost/index.ts';
import { ElaboratedSpace } from '../../engine/space/search-space.ts';
import { seeded } from '../../engine/space/testing.ts';
import { statementBounds } from '../../engine/space/testing/statement-bounds.ts';
import type { AdditiveMeasure, SearchSpace } from '../../engine/space/types.ts';
import { walk } from '../../grammar/index.ts';
import { fixture } from '../testing/fixture.ts';
import { resolvedTargets } from './targets.ts';
import type { Snapshot } from './snapshot.ts';
import type { Workspace } from './workspace.ts';

const text = `target "nucleo-f446re" { runtime tflm + cmsis-nn }
dataset pictures("./p") { input {24x24x3 | 16x16x3}; classes 4 }
import { Far } from "./far.nas"

block Narrow(out) {
  tie shared = {1 | 3}
  conv shared -> out, relu6
}

block Mobile(out, stride = 1) {
  let t = {2 | 3}
  conv 1x1 -> in * t, relu6
  dwconv {3 | 5} stride stride, relu6
  conv 1x1 -> out
  skip add when stride == 1 and out == in
}

block Twice(out) {
  Mobile(out, 2)
  Narrow(out) ?
}

block Fork(out) {
  branches add {
    left: { conv 1x1 -> out }
    right: { dwconv 3; Narrow(out) }
  }
}

space net {
  tie w = {4 | 8}
  conv 3x3 -> w stride 2
  Mobile(w) x0..2
  let k = {1 | 3}
  conv k -> w, bn, {relu | hswish} as early
  Narrow(8)
  Twice(16) x1..2 same
  Narrow(8) when k > 1 and 8 / (k - 1) > 2
  choice {
    plain: none
    wide: { conv 3x3 -> in, hswish; Mobile(in) }
  }
  {conv 3x3 | conv 1x1} -> w * 2, relu when w < 8
  Fork(12) ?
  Far(8)
  require w * 2 >= k
  Mobile(16)
  gap
  dense -> classes
}

space other {
  input 16x16x1
  Narrow({2 | 4})
  Mobile(8, {1 | 2})
  conv 3x3 -> 8 as kept
  conv 1x1 -> 8
  add(kept)
  gap
  dense -> classes
}

constraints { ram < 96 KB; macs < 900000 }
// ${'-'.repeat(900)}
`;
const far = 'block Far(out) {\n  conv {1 | 3} -> out\n  dwconv 3\n}\n';
const files = (main: string): string => `//- /far.nas\n${far}\n//- /main.nas\n${main}`;

const measure: AdditiveMeasure = {
  width: 2,
  measure: (op, inputs, output, out) => {
    out[0] = output.reduce((product, extent) => product * extent, 1) * (op.kind === 'conv_2d' ? 3 : 1);
    out[1] = inputs.length * 7 + op.kind.length;
  },
};

interface Placed {
  readonly start: number;
  readonly end: number;
}

function everything(snapshot: Snapshot): unknown {
  const { problems, spaces } = snapshot.analysis;
  return { problems, spaces: spaces.map((space) => described(space, snapshot)) };
}

function described(space: SearchSpace, snapshot: Snapshot): unknown {
  const at = ({ start, end }: Placed): string => `${start}-${end}`;
  const described = { name: space.name, usable: space.usable, size: space.size() };
  // What has been kept tells in its source of a place as it was.
  const choices = space.choices.map(({ source, ...choice }, index) => {
    const { start, end } = space.choicePlaces[index] ?? source;
    return { ...choice, file: source.file, start, end };
  });
  const shapes: unknown[] = [];
  walk(snapshot.parse.file, (node) => {
    if (node.kind === 'operator') shapes.push({ at: at(node), inputs: space.inputsOf(node) });
  });
  if (!space.usable) return { ...described, choices, shapes };
  const statements = statementBounds(space, measure);
  const random = seeded(5);
  const [a, b] = [space.sample(random), space.sample(random)];
  const some = [a, b, space.crossover(a, b, random), space.mutate(a, random), space.extreme('max')];
  const costOf = (cost: StatementBounds): unknown => {
    const { statement, metrics, instances, support, example } = cost;
    return { at: at(statement), metrics, instances, worst: support.worst, output: example?.output };
  };
  const costs = resolvedTargets(snapshot).flatMap(({ target }) => {
    if (target === undefined) return [];
    const bounds = boundSpace(space, target);
    return [
      { total: bounds.total, all: [...bounds.statements, ...bounds.holders, ...bounds.uses].map(costOf) },
    ];
  });
  return {
    ...described,
    choices,
    shapes,
    total: space.bounds(measure),
    bounds: statements.map(({ statement, ...bounds }) => ({ ...bounds, at: at(statement) })),
    costs,
    networks: some.map((decisions) => {
      const { ops, ...network } = space.lower(decisions);
      return { decisions, ...network, ops: ops.map(({ source, ...op }) => ({ ...op, file: source.file })) };
    }),
  };
}

/** Edits that leave most of the text whole, so that there is a space to compare. */
const edit = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('number'),
      which: fc.nat(),
      by: fc.constantFrom('1', '2', '3', '4', '5', '8'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('line'),
      which: fc.nat(),
      by: fc.constantFrom(
        '',
        '  conv 1x1 -> 8\n',
        '  Narrow(6) ?\n',
        '  let u = {2 | 4}\n',
        '  tie v = {1 | 2}\n',
        '  Mobile(8) x0..1\n',
        '  skip add when out == in\n',
        '  conv 3x3 -> in as late\n',
        '  output(late)\n',
        '  // a note\n\n',
        '  nonsense(3)\n',
        '  conv {1 | 9} -> 4 padding valid\n',
        '  conv {1 | 3} when w > 4 else 5 -> {4 | 8} when k == 1 else 2\n',
        '  conv 1x1 -> 8, {relu | leaky {0.1 | 0.2} | none} x1..k\n',
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('blank'), which: fc.nat(), by: fc.constantFrom(' ', '\n') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove'), which: fc.nat(), by: fc.constant('') }) },
);

type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

/** Where an edit applies, and what it puts there. */
function changeOf({ kind, which, by }: Edit, now: string): Placed & { readonly text: string } {
  const places = [
    ...now.matchAll(
      kind === 'number' ? /(?<=[ ({|,])\d(?=[ )}|,;\n])/g : kind === 'blank' ? / /g : /^ .*\n/gm,
    ),
  ];
  const match = places[which % Math.max(places.length, 1)];
  const start = match?.index ?? 0;
  const length = match?.[0].length ?? 0;
  const isInserted = kind === 'line' || kind === 'blank';
  return { start, end: isInserted ? start : start + length, text: by };
}

function changed(workspace: Workspace, now: Snapshot, each: Edit): Snapshot {
  const change = changeOf(each, now.text);
  const edited = { range: now.lines.range(change), text: change.text };
  const next = workspace.change(now.uri, (now.version ?? 0) + 1, [edited]);
  assert.ok(next !== undefined);
  return next;
}

test('after any edits, a space built from parts is the space that the text gives afresh', () => {
  let compared = 0;
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
      const { workspace, snapshot } = fixture(files(text));
      let now = snapshot;
      everything(now);
      edits.forEach((each) => {
        now = changed(workspace, now, each);
        assert.deepEqual(everything(now), everything(fixture(files(now.text)).snapshot));
        compared += now.analysis.spaces.filter((space) => space.usable).length;
      });
    }),
    { numRuns: 40, seed: 11 },
  );
  assert.ok(compared > 100, `only ${compared} usable spaces were compared`);
});

test('so it is where what was begun for the edits before was not finished, or begun again for another file', () => {
  const begun = fc.record({ edit, steps: fc.nat(80), isRenewed: fc.boolean() });
  let unfinished = 0;
  fc.assert(
    fc.property(fc.array(begun, { minLength: 1, maxLength: 6 }), (edits) => {
      const { workspace, snapshot } = fixture(files(text));
      let now = snapshot;
      everything(now);
      for (const { edit, steps, isRenewed } of edits) {
        now = changed(workspace, now, edit);
        const work = now.steps('cost');
        let left = steps;
        while (left > 0 && work.next().done !== true) left--;
        if (left === 0) unfinished++;
        if (isRenewed) workspace.touched(Utils.joinPath(URI.parse(now.uri), '../far.nas').toString());
        now = workspace.snapshot(now.uri) ?? now;
      }
      assert.deepEqual(everything(now), everything(fixture(files(now.text)).snapshot));
    }),
    { numRuns: 40, seed: 12 },
  );
  assert.ok(unfinished > 40, `only ${unfinished} were not finished`);
});

function nodesOf(space: SearchSpace | undefined): readonly object[] {
  assert.ok(space instanceof ElaboratedSpace);
  return space.graph.order;
}

function typed(old: string, fresh: string): { readonly kept: number; readonly all: number } {
  const { workspace, snapshot } = fixture(files(text));
  const before = new Set(nodesOf(snapshot.analysis.spaces[0]));
  const start = text.indexOf(old);
  assert.ok(start > 0);
  const range = snapshot.lines.range({ start, end: start + old.length });
  const after = workspace.change(snapshot.uri, 2, [{ range, text: fresh }]);
  const nodes = nodesOf(after?.analysis.spaces[0]);
  return { kept: nodes.filter((node) => before.has(node)).length, all: nodes.length };
}

test('an edit in a block builds only its uses anew, one in the space only its statement', () => {
  const inBlock = typed('dwconv 3; Narrow', 'dwconv 5; Narrow');
  assert.ok(inBlock.kept > 0.5 * inBlock.all && inBlock.kept < inBlock.all, JSON.stringify(inBlock));
  const inSpace = typed('in, hswish', 'in, relu');
  assert.ok(inSpace.kept > 0.5 * inSpace.all && inSpace.kept < inSpace.all, JSON.stringify(inSpace));
});

test('a space that a later version has taken apart still answers', () => {
  const { workspace, snapshot } = fixture(files(text));
  const [before] = snapshot.analysis.spaces;
  assert.ok(before instanceof ElaboratedSpace);
  const size = before.size();
  const start = text.indexOf('dwconv {3 | 5}') + 8;
  const range = snapshot.lines.range({ start, end: start + 1 });
  const after = workspace.change(snapshot.uri, 2, [{ range, text: '1 | 3' }]);
  assert.notDeepEqual(after?.analysis.spaces[0]?.size(), size);
  assert.ok(before.isSuperseded);
  assert.deepEqual(before.size(), size);
  assert.ok(!before.isSuperseded);
});
