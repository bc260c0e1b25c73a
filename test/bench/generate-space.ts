/**
 * Realistic `.nas` text of any length, the same for the same arguments: blocks with lets, choices and skips, a
 * space for every thousand lines with ties, repeats, choices and conditions, comments, and the declarations
 * around them. It parses without problems, in Langium's grammar as well, and means something.
 */

/** Lines of a space and what surrounds it; the rest of each thousand lines is blocks. */
const spaceLines = 90;

export function generateSpace(lines: number, seed = 1): string {
  const random = sequence(seed);
  const text: string[] = [...header()];
  const footer = settings();
  let part = 0;
  while (text.length + footer.length < lines) {
    part++;
    const end = Math.min(text.length + 1000, lines - footer.length);
    const room = end - text.length;
    const blocks = Math.max(1, Math.floor((room - Math.min(spaceLines, 0.4 * room)) / 10));
    const names: string[] = [];
    for (let index = 1; index <= blocks && end - text.length > 30; index++) {
      const name = `Block${part}_${index}`;
      names.push(name);
      text.push(...block(name, index, random));
    }
    text.push(...space(`net${part}`, names, end - text.length, random));
  }
  text.push(...footer);
  return text.join('\n') + '\n';
}

type Random = (below: number) => number;

/** A linear congruential generator (Numerical Recipes' constants); good enough to vary text. */
function sequence(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function pick<T>(random: Random, list: readonly T[]): T {
  const item = list[random(list.length)];
  if (item === undefined) throw new Error('Nothing to pick from.');
  return item;
}

function header(): string[] {
  return [
    '// A generated space for benchmarks.',
    'target "nucleo-f446re" {',
    '  runtime tflm + cmsis-nn',
    '  clock 180 MHz',
    '}',
    'dataset images("./pictures") { input 96x96x1; classes 10; calibrate 256 }',
    '',
  ];
}

function settings(): string[] {
  return [
    'quantize int8',
    'constraints {',
    '  ram < 256 KB',
    '  flash < 2 MB',
    '  latency < 2 s',
    '}',
    'objectives { max accuracy; min latency; min ram }',
    'search nsga2 { population 24; trials 300; fidelity 3..30 epochs; seed 7 }',
  ];
}

/** Nine or ten lines. */
function block(name: string, index: number, random: Random): string[] {
  const expand = pick(random, ['{2 | 3}', '{2 | 3 | 4}', '{1 | 2}']);
  const kernel = pick(random, ['{3 | 5}', '3x3', '{3x3 | 5x5}']);
  const activation = pick(random, ['relu', 'relu6']);
  if (index % 3 === 0) {
    return [
      `// Depthwise separable, number ${index}.`,
      `block ${name}(out, stride = 1) {`,
      `  let k = ${pick(random, ['{3 | 5}', '{3 | 5 | 7}'])}`,
      `  dwconv k stride stride, bn, ${activation}`,
      `  conv 1x1 -> out, bn, ${activation}`,
      '  choice {',
      '    plain: none',
      `    wide: { dwconv ${kernel}, bn, ${activation}; conv 1x1 -> out, bn }`,
      '  }',
      '}',
    ];
  }
  return [
    `block ${name}(out, stride = 1) {`,
    `  let t = ${expand} // one draw for each use`,
    `  conv 1x1 -> in * t, bn, ${activation}`,
    `  dwconv ${kernel} stride stride, bn, ${activation}`,
    `  conv 1x1 -> out, bn`,
    '  /* the way around, where shapes allow it */',
    '  skip add when stride == 1 and out == in',
    '}',
    '',
  ];
}

/** Exactly `length` lines, at least 8. */
function space(name: string, blocks: readonly string[], length: number, random: Random): string[] {
  const body: string[] = [
    `space ${name} {`,
    '  tie w = 0.5..1 step 0.25 // one draw for the whole space',
    '  conv 3x3 -> round8(16 * w) stride 2, bn, relu6',
  ];
  const tail = ['  conv 1x1 -> {64 | 96}, bn, relu6 ?', '  gap', '  dense -> classes', '}', ''];
  const room = length - body.length - tail.length;
  for (let line = 0; line < room; line++) {
    // 96x96 halves to 3x3 in five steps; the stem takes the first.
    const stage = Math.floor((line * 4) / Math.max(room, 1));
    const isNewStage = line > 0 && stage !== Math.floor(((line - 1) * 4) / Math.max(room, 1));
    const width = `round8(${16 + 8 * stage} * w)`;
    const use = pick(random, blocks.length > 0 ? blocks : ['conv']);
    if (use === 'conv') body.push(`  conv 3x3 -> ${width}${isNewStage ? ' stride 2' : ''}, bn, relu`);
    else if (isNewStage) body.push(`  ${use}(${width}, 2)`);
    else if (line % 7 === 3) body.push(`  // stage ${stage + 1} goes on`);
    else if (line % 11 === 5) body.push(`  {conv 3x3 | conv 5x5} -> ${width}, bn, relu when w < 1`);
    else body.push(`  ${use}(${width})${pick(random, ['', ' x0..2', ' x1..2 same', ' x{1 | 3}', ' ?'])}`);
  }
  return [...body, ...tail];
}
