/**
 * A colour without its transparency. Themes take the colours of charts from highlights, which lie half transparent
 * over text: a point of such a colour sinks into a dark background. @param colour as CSS variables of VS Code write it
 */
export function opaque(colour: string): string {
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})(?:[0-9a-f]|[0-9a-f]{2})$/i.exec(colour);
  if (hex !== null && (colour.length === 5 || colour.length === 9)) return `#${hex[1] ?? ''}`;
  const parts = /^rgba\(([^,]+),([^,]+),([^,]+),[^,]+\)$/i.exec(colour);
  return parts === null
    ? colour
    : `rgb(${parts
        .slice(1)
        .map((part) => part.trim())
        .join(', ')})`;
}
