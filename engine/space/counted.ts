/** Numbers of things in sentences: "1 layer", "2 layers", "1 class", "2 classes". */

/** @param shown the number as it is to be read, when it is not plain */
export function counted(
  count: number | bigint,
  one: string,
  many = `${one}s`,
  shown = String(count),
): string {
  return `${shown} ${Number(count) === 1 ? one : many}`;
}
