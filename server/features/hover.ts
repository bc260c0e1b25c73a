/** Hovers: what stands under the pointer, from the innermost construct outwards. One function per kind of thing. */

import { MarkupKind, type Hover } from 'vscode-languageserver-types';
import { dataFormat } from '../../engine/space/index.ts';
import type { SearchSpace } from '../../engine/space/types.ts';
import type { Span } from '../../grammar/ast.ts';
import { layersOf, usesOf } from '../analysis/costs.ts';
import { referenceAt } from '../analysis/names.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { nearest, type Node } from '../../grammar/index.ts';
import type { Workspace } from '../analysis/workspace.ts';
import { functionDocumentation, operatorDocumentation, wordDocumentation } from './documentation.ts';
import { type HoverClient, isBrief, memoryLink, plainClient } from './hover-client.ts';
import { choiceHover } from './hover-choice.ts';
import { constraintHover } from './hover-constraint.ts';
import { layerTooltip } from './hover-layer.ts';
import { symbolHover } from './hover-name.ts';
import { spaceHover, useTooltip } from './hover-space.ts';
import { scheduleHover, targetHover } from './hover-target.ts';

interface Text extends Span {
  readonly markdown: string;
}

export function hover(
  snapshot: Snapshot,
  offset: number,
  workspace: Workspace,
  client: HoverClient = plainClient,
): Hover | null {
  if (inComment(snapshot, offset)) return null;
  const path = snapshot.path(offset);
  const text =
    named(snapshot, offset, path, workspace, client) ??
    ofConstruct(snapshot, offset, path, client) ??
    word(snapshot, offset, path);
  if (text === undefined) return null;
  return {
    contents: { kind: MarkupKind.Markdown, value: text.markdown },
    range: snapshot.lines.range(text),
  };
}

export function inComment(snapshot: Snapshot, offset: number): boolean {
  return snapshot.parse.file.comments.some(
    ({ start, end, style }) => start < offset && (offset < end || (style === 'line' && offset === end)),
  );
}

/** Names: layers with their cost, uses of blocks, values. */
function named(
  snapshot: Snapshot,
  offset: number,
  path: readonly Node[],
  workspace: Workspace,
  client: HoverClient,
): Text | undefined {
  const layer = nearest(path, 'operator');
  if (layer !== undefined && layer.name.start <= offset && offset <= layer.name.end) {
    const parts: string[] = [];
    const cost = layersOf(snapshot).find(({ statement }) => statement === layer);
    if (cost !== undefined) parts.push(layerTooltip(snapshot, cost, client));
    const isBeside = parts.length > 0 && isBrief(client);
    const documentation = operatorDocumentation(layer.name.name, isBeside);
    if (documentation !== undefined) parts.push(documentation);
    if (parts.length > 0) return { ...spanOf(layer.name), markdown: parts.join('\n\n---\n\n') };
  }
  const reference = referenceAt(snapshot, offset);
  if (reference === undefined) return undefined;
  const use = usesOf(snapshot).find(({ statement }) => statement === layer);
  if (use !== undefined && layer !== undefined && layer.name.start === reference.span.start) {
    const parts = [useTooltip(snapshot, use), symbolHover(snapshot, reference, workspace)];
    return { ...reference.span, markdown: parts.join('\n\n---\n\n') };
  }
  if (reference.symbol.kind === 'operator') {
    const documentation = operatorDocumentation(reference.symbol.name);
    return documentation === undefined ? undefined : { ...reference.span, markdown: documentation };
  }
  if (reference.symbol.kind === 'function') {
    const documentation = functionDocumentation(reference.symbol.name);
    return documentation === undefined ? undefined : { ...reference.span, markdown: documentation };
  }
  const space = snapshot.analysis.spaces.find(
    ({ declaration }) => declaration.name?.start === reference.span.start,
  );
  if (space !== undefined) return { ...reference.span, markdown: ofSpace(snapshot, space, client) };
  return { ...reference.span, markdown: symbolHover(snapshot, reference, workspace) };
}

function ofSpace(snapshot: Snapshot, space: SearchSpace, { links }: HoverClient): string {
  return withLink(spaceHover(snapshot, space), links && memoryLink(snapshot, space));
}

function withLink(markdown: string, link: string | false): string {
  // Below the first line, because a hover shows the beginning of a long text.
  return link === false || link === '' ? markdown : markdown.replace(/(?=\n\n|$)/, () => `\n\n${link}`);
}

function ofConstruct(
  snapshot: Snapshot,
  offset: number,
  path: readonly Node[],
  client: HoverClient,
): Text | undefined {
  const space = nearest(path, 'space');
  if (space?.name !== undefined && space.name.start <= offset && offset <= space.name.end) {
    const found = snapshot.analysis.spaces.find(({ declaration }) => declaration === space);
    if (found !== undefined) return { ...spanOf(space.name), markdown: ofSpace(snapshot, found, client) };
  }
  const target = nearest(path, 'target');
  if (target?.board !== undefined && target.board.start <= offset && offset <= target.board.end) {
    return { ...spanOf(target.board), markdown: targetHover(snapshot, target) };
  }
  const setting = nearest(path, 'property');
  const scheduled = target && setting && scheduleHover(snapshot, target, setting);
  if (setting !== undefined && scheduled !== undefined) return { ...spanOf(setting), markdown: scheduled };
  const constraint = nearest(path, 'constraint');
  if (constraint !== undefined) {
    const markdown = constraintHover(snapshot, constraint);
    if (markdown !== undefined) return { ...spanOf(constraint), markdown };
  }
  const dataset = nearest(path, 'dataset');
  if (dataset?.name !== undefined && dataset.name.start <= offset && offset <= dataset.name.end) {
    const { name } = dataset.name;
    const known = dataFormat(name);
    if (known !== undefined) return { ...spanOf(dataset.name), markdown: known.documentation };
  }
  const skip = nearest(path, 'skip');
  if (skip !== undefined && offset <= skip.start + 'skip'.length) {
    const cost = layersOf(snapshot).find(({ statement }) => statement === skip);
    if (cost !== undefined) {
      const parts = [layerTooltip(snapshot, cost, client), wordDocumentation('skip', path) ?? ''];
      return { start: skip.start, end: skip.start + 'skip'.length, markdown: parts.join('\n\n---\n\n') };
    }
  }
  const choice =
    nearest(path, 'choiceExpression') ??
    nearest(path, 'range') ??
    nearest(path, 'followerChoice') ??
    nearest(path, 'choice');
  return choice === undefined ? undefined : { ...spanOf(choice), markdown: choiceHover(snapshot, choice) };
}

/** Words of the language: followers, parameters, settings, keywords. */
function word(snapshot: Snapshot, offset: number, path: readonly Node[]): Text | undefined {
  const { text } = snapshot;
  let start = offset;
  let end = offset;
  while (start > 0 && /[\w-]/.test(text.charAt(start - 1))) start--;
  while (end < text.length && /[\w-]/.test(text.charAt(end))) end++;
  if (start === end) return undefined;
  const markdown = wordDocumentation(text.slice(start, end), path);
  return markdown === undefined ? undefined : { start, end, markdown };
}

function spanOf({ start, end }: Span): Span {
  return { start, end };
}
