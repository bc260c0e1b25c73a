/** The editor's colours, for a canvas that cannot read CSS variables by itself. */

import { opaque } from '../front/opaque.ts';

export interface Theme {
  readonly text: string;
  readonly grid: string;
  readonly front: string;
  readonly beaten: string;
  readonly limit: string;
  /** For several fronts beside each other. */
  readonly series: readonly string[];
  readonly selected: string;
  readonly background: string;
  readonly font: string;
}

export function readTheme(): Theme {
  const style = getComputedStyle(document.body);
  const colour = (...names: readonly string[]): string =>
    names.map((name) => style.getPropertyValue(`--vscode-${name}`).trim()).find((value) => value !== '') ??
    style.color;
  return {
    text: colour('foreground'),
    grid: colour('editorIndentGuide-background1', 'editorWidget-border', 'contrastBorder'),
    front: opaque(colour('charts-orange', 'editorWarning-foreground')),
    beaten: colour('descriptionForeground', 'disabledForeground'),
    limit: opaque(colour('charts-red', 'errorForeground')),
    series: ['orange', 'blue', 'green', 'purple', 'yellow'].map((name) => opaque(colour(`charts-${name}`))),
    selected: colour('focusBorder', 'contrastActiveBorder'),
    background: colour('editor-background'),
    font: style.getPropertyValue('--vscode-font-family') || 'sans-serif',
  };
}

/** VS Code changes the class of the body with the theme. */
export function onThemeChange(changed: () => void): void {
  new MutationObserver(changed).observe(document.body, {
    attributes: true,
    attributeFilter: ['class', 'style'],
  });
  new MutationObserver(changed).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['style'],
  });
}
