/** Names while a file is being checked, each with what is known of it. */

import type { Reference, SymbolInfo } from '../types.ts';
import type { Span } from '../../../grammar/ast.ts';

export interface Definition {
  readonly symbol: SymbolInfo;
  uses: number;
}

export class NameScope {
  readonly parent: NameScope | undefined;
  private readonly names = new Map<string, Definition>();

  constructor(parent: NameScope | undefined) {
    this.parent = parent;
  }

  own(name: string): Definition | undefined {
    return this.names.get(name);
  }

  find(name: string): Definition | undefined {
    return this.names.get(name) ?? this.parent?.find(name);
  }

  define(name: string, symbol: SymbolInfo): Definition {
    const definition: Definition = { symbol, uses: 0 };
    this.names.set(name, definition);
    return definition;
  }

  definitions(): Iterable<Definition> {
    return this.names.values();
  }

  *visible(): Generator<string> {
    yield* this.names.keys();
    if (this.parent !== undefined) yield* this.parent.visible();
  }
}

/** Collects references; a definition is one too. */
export class References {
  readonly list: Reference[] = [];
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  add(span: Span, symbol: SymbolInfo, access: Reference['access']): void {
    this.list.push({ file: this.file, span: { start: span.start, end: span.end }, symbol, access });
  }
}
