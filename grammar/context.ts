/**
 * The brackets and the unfinished item that lead up to a place: what `expected.ts` decides from. A forward scan
 * over tokens with a stack of frames, robust against anything that is missing, since every declaration word
 * starts afresh and every separator ends what cannot span lines.
 */

import { tokenMatcher, type IToken } from 'chevrotain';
import { isDeclarationWord, separateLines } from './lines.ts';
import * as t from './tokens.ts';

/** A token, or a whole bracket that was opened and closed before the place. */
export type Item = IToken | { readonly group: '(' | '{' };

export type FrameKind =
  | 'file'
  | 'body'
  | 'alternatives'
  | 'cell'
  | 'properties'
  | 'constraints'
  | 'objectives'
  | 'imports'
  | 'sparsity'
  /** `{` that holds values or, until a separator shows otherwise, properties. */
  | 'choice'
  | 'operators'
  | 'arguments'
  | 'parenthesis'
  | 'parameters';

export interface Frame {
  kind: FrameKind;
  /** `space`, `block`, `group`, `alternative` for bodies; `choice` or `branches` for alternatives. */
  readonly of: string;
  /** Since the last separator, comma or bar of the frame. */
  items: Item[];
  /** Names of properties around and including this frame; names given in arguments; names used in a list. */
  names: string[];
  /** Arguments or items before the current one. */
  index: number;
}

export function isToken(item: Item | undefined): item is IToken {
  return item !== undefined && 'tokenType' in item;
}

/** The text of a token; `()` and `{}` for whole brackets. */
export function imageOf(item: Item | undefined): string {
  if (item === undefined) return '';
  return isToken(item) ? item.image : item.group === '(' ? '()' : '{}';
}

const listFrames = new Set<FrameKind>([
  'file',
  'body',
  'alternatives',
  'cell',
  'properties',
  'constraints',
  'objectives',
]);

/** The brackets that are open behind the text before a place, the innermost last. */
export function readContext(text: string): readonly Frame[] {
  const tokens = t.lexer.tokenize(text).tokens;
  const endsLine = tokens[tokens.length - 1]?.tokenType === t.LineEnd;
  // A line end at the place separates unless the line before it dangles: look at it as if a name followed.
  const placeholder = endsLine ? t.lexer.tokenize('_').tokens : [];
  tokens.push(...placeholder);
  separateLines(tokens);
  if (endsLine) tokens.pop();
  const reader = new Reader();
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (token !== undefined) reader.read(token, tokens[index - 1], tokens[index + 1]);
  }
  return reader.frames;
}

class Reader {
  frames: Frame[] = [newFrame('file')];

  private top(): Frame {
    const frame = this.frames[this.frames.length - 1];
    if (frame !== undefined) return frame;
    const file = newFrame('file');
    this.frames.push(file);
    return file;
  }

  read(token: IToken, previous: IToken | undefined, next: IToken | undefined): void {
    if (this.startsDeclaration(token, previous, next)) {
      this.frames = [newFrame('file')];
      this.top().items.push(token);
      return;
    }
    const type = token.tokenType;
    if (tokenMatcher(token, t.Separator)) this.separate();
    else if (type === t.LBrace || type === t.LParen) this.open(type === t.LBrace ? '{' : '(');
    else if (type === t.RBrace || type === t.RParen) this.close(type === t.RBrace ? '{' : '(');
    else if (type === t.Bar) this.bar(token);
    else if (type === t.Comma && this.splitsAtComma()) this.comma();
    else this.push(token);
  }

  private startsDeclaration(token: IToken, previous: IToken | undefined, next: IToken | undefined): boolean {
    if (!isDeclarationWord(token)) return false;
    if (previous !== undefined && !tokenMatcher(previous, t.Separator) && previous.tokenType !== t.RBrace)
      return false;
    if (token.tokenType !== t.declare.quantize || this.top().kind === 'file') return true;
    return next !== undefined && (next.tokenType === t.LBrace || tokenMatcher(next, t.Identifier));
  }

  private push(token: IToken): void {
    const frame = this.top();
    frame.items.push(token);
    if (frame.kind === 'arguments' && token.tokenType === t.Assign) frame.names.push(imageOf(frame.items[0]));
  }

  private separate(): void {
    let frame = this.top();
    while (!listFrames.has(frame.kind)) {
      if (frame.kind === 'choice' && couldBeProperties(this.frames)) {
        frame.kind = 'properties';
        break;
      }
      this.frames.pop();
      frame = this.top();
    }
    this.endItem(frame);
  }

  private endItem(frame: Frame): void {
    if (frame.kind === 'properties' && frame.items.length > 0) frame.names.push(imageOf(frame.items[0]));
    frame.items = [];
    frame.index++;
  }

  private bar(token: IToken): void {
    const frame = this.top();
    if (frame.kind === 'body' && frame.of === 'group' && frame.index === 0) frame.kind = 'operators';
    if (frame.kind === 'operators' || frame.kind === 'choice' || frame.kind === 'sparsity') {
      frame.items = [];
      frame.index++;
    } else {
      frame.items.push(token);
    }
  }

  private splitsAtComma(): boolean {
    const kind = this.top().kind;
    return kind === 'arguments' || kind === 'imports' || kind === 'parameters';
  }

  private comma(): void {
    const frame = this.top();
    if (frame.kind === 'imports') frame.names.push(imageOf(frame.items[0]));
    frame.items = [];
    frame.index++;
  }

  private open(bracket: '(' | '{'): void {
    const parent = this.top();
    this.frames.push(bracket === '{' ? this.braceFrame(parent) : parenthesisFrame(parent));
  }

  private braceFrame(parent: Frame): Frame {
    const items = parent.kind === 'alternatives' ? parent.items.slice(2) : parent.items;
    const first = imageOf(items[0]);
    switch (parent.kind) {
      case 'file':
        return declarationFrame(first, items);
      case 'body':
      case 'alternatives':
        if (items.length === 0) {
          return newFrame('body', parent.kind === 'alternatives' ? 'alternative' : 'group');
        }
        if ((first === 'choice' || first === 'branches') && items.length <= 2) {
          return newFrame('alternatives', first);
        }
        return newFrame('choice');
      case 'cell':
        return newFrame(first === 'edge' ? 'operators' : 'choice', 'edge');
      case 'properties': {
        const frame = newFrame(items.length >= 2 ? 'properties' : 'choice', parent.of);
        frame.names = [];
        return frame;
      }
      default:
        return newFrame('choice');
    }
  }

  private close(bracket: '(' | '{'): void {
    const wanted = (frame: Frame): boolean =>
      (frame.kind === 'arguments' || frame.kind === 'parenthesis' || frame.kind === 'parameters') ===
      (bracket === '(');
    const last = this.frames.findLastIndex((frame) => frame.kind !== 'file' && wanted(frame));
    if (last < 1) return;
    if (bracket === '(' && last < this.frames.length - 1) {
      // A `)` does not close past a brace.
      if (this.frames.slice(last + 1).some((frame) => !wanted(frame))) return;
    }
    this.frames.length = last;
    this.top().items.push({ group: bracket });
  }
}

function newFrame(kind: FrameKind, of = ''): Frame {
  return { kind, of, items: [], names: [], index: 0 };
}

function declarationFrame(word: string, items: readonly Item[]): Frame {
  switch (word) {
    case 'block':
    case 'space':
      return newFrame('body', word);
    case 'cell':
    case 'constraints':
    case 'objectives':
    case 'sparsity':
      return newFrame(word);
    case 'target':
    case 'dataset':
    case 'search':
      return newFrame('properties', word);
    case 'import':
      return newFrame(items.length === 1 ? 'imports' : 'choice');
    default:
      return newFrame('choice');
  }
}

function parenthesisFrame(parent: Frame): Frame {
  const last = parent.items[parent.items.length - 1];
  if (!isToken(last) || !tokenMatcher(last, t.Identifier)) return newFrame('parenthesis');
  const first = imageOf(parent.items[0]);
  if (parent.kind === 'file' && (first === 'block' || first === 'cell')) return newFrame('parameters');
  return newFrame('arguments', last.image);
}

/** A `{` that comes first in a property may hold values or nested properties. */
function couldBeProperties(frames: readonly Frame[]): boolean {
  return frames[frames.length - 2]?.kind === 'properties' && (frames[frames.length - 1]?.index ?? 1) === 0;
}
