/** Names of layers for a person. */

/** Converters name a tensor after everything that was fused into it, parted by `;`: the first of these says enough. */
export function layerLabel(name: string): string {
  const [first = ''] = name.split(';');
  return first === '' ? name : first;
}

/** The same in at most so many characters: the end of the path, then as much of that as fits; '' if hardly any. */
export function shortLabel(name: string, characters: number): string {
  const label = layerLabel(name);
  const last = label.length <= characters ? label : label.slice(label.lastIndexOf('/') + 1);
  if (last.length <= characters) return last;
  return characters < 5 ? '' : `${last.slice(0, characters - 1)}…`;
}
