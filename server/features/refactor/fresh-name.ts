/** A name that nothing in the file bears. */

import type { Snapshot } from '../../analysis/snapshot.ts';
import { nearest, walk, type Node } from '../../../grammar/index.ts';

/** For a value: from the parameter it stands in, or what it decides. @param path the nodes that hold the value */
export function freshName(snapshot: Snapshot, path: readonly Node[]): string {
  const parameter = nearest(path, 'namedValue')?.name.name ?? nearest(path, 'argument')?.name?.name;
  const operator = nearest(path, 'operator');
  const base = parameter ?? (operator?.output !== undefined ? 'channels' : 'size');
  const taken = new Set<string>();
  walk(snapshot.parse.file, (node) => {
    if (node.kind === 'identifier' || node.kind === 'name') taken.add(node.name);
  });
  if (!taken.has(base)) return base;
  for (let number = 2; ; number++) {
    const name = `${base}_${number}`;
    if (!taken.has(name)) return name;
  }
}
