/** Names of layers for a person. */

/** Converters name a tensor after everything that was fused into it, parted by `;`: the first of these says enough. */
export function layerLabel(name: string): string {
  const [first = ''] = name.split(';');
  return first === '' ? name : first;
}

/** Layers that may lie outside the folder that all others share, such as the input's and the output's conversion. */
const outsiders = 2;

/** Characters of a label in a table. */
const longestLabel = 40;

/** From the name of a layer of a graph, or of a buffer that it makes, to a label. */
export type LabelOf = (name: string) => string;

/**
 * Labels for one graph. What nearly all of its layers begin with, such as the name of a Keras model, tells none from
 * another and is left out; what is still long is shortened by {@link shortLabel}.
 */
export function labelsOf(names: readonly string[]): LabelOf {
  const labels = names.map(layerLabel);
  const [folder = ''] = mostCommon(labels.map((label) => label.slice(0, label.indexOf('/') + 1)));
  const inside = labels.filter((label) => label.startsWith(folder)).length;
  const shared = inside >= 3 && labels.length - inside <= outsiders ? folder : '';
  return (name) => {
    const label = layerLabel(name);
    const own = label.startsWith(shared) && label !== shared ? label.slice(shared.length) : label;
    return shortLabel(own, longestLabel);
  };
}

function mostCommon(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([text]) => text);
}

/**
 * A label in at most so many characters: the whole path, else its end with `…/` before it, as much of it as fits, else
 * the ends of its last part, since numbers that tell layers apart stand at the end; '' if hardly anything fits.
 */
export function shortLabel(name: string, characters: number): string {
  const label = layerLabel(name);
  if (label.length <= characters) return label;
  const parts = label.split('/');
  for (let first = 1; first < parts.length; first++) {
    const end = `…/${parts.slice(first).join('/')}`;
    if (end.length <= characters) return end;
  }
  const last = parts.at(-1) ?? label;
  if (last.length <= characters) return last;
  if (characters < 5) return '';
  const tail = Math.floor((characters - 1) / 2);
  return `${last.slice(0, characters - 1 - tail)}…${last.slice(last.length - tail)}`;
}
