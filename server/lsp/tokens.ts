/** Semantic tokens on the wire: five numbers each, relative to the one before, and the difference to last time. */

import { SemanticTokensBuilder, type SemanticTokens, type SemanticTokensDelta } from 'vscode-languageserver';
import type { Span } from '../../grammar/ast.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { semanticTokens, tokenModifiers, tokenTypes } from '../features/semantic-tokens.ts';

/** Documents whose last answer is kept; of others, all tokens are sent again. */
const mostKept = 24;

/** The last answers, to send differences to. */
export class TokenMemory {
  readonly #builders = new Map<string, SemanticTokensBuilder>();

  full(snapshot: Snapshot): SemanticTokens {
    const builder = new SemanticTokensBuilder();
    push(builder, snapshot);
    this.#builders.delete(snapshot.uri);
    this.#builders.set(snapshot.uri, builder);
    const [oldest] = this.#builders.keys();
    if (oldest !== undefined && this.#builders.size > mostKept) this.#builders.delete(oldest);
    return builder.build();
  }

  /** Falls back to all tokens when the client names a result that is no longer known. */
  delta(snapshot: Snapshot, previousResultId: string): SemanticTokens | SemanticTokensDelta {
    const builder = this.#builders.get(snapshot.uri);
    if (builder === undefined) return this.full(snapshot);
    builder.previousResult(previousResultId);
    push(builder, snapshot);
    return builder.buildEdits();
  }
}

export function tokensWithin(snapshot: Snapshot, span: Span): SemanticTokens {
  const builder = new SemanticTokensBuilder();
  push(builder, snapshot, span);
  return builder.build();
}

function push(builder: SemanticTokensBuilder, snapshot: Snapshot, within?: Span): void {
  for (const token of semanticTokens(snapshot, within)) {
    const { line, character } = snapshot.lines.positionAt(token.start);
    const length = snapshot.lines.positionAt(token.end).character - character;
    // No token of the language spans lines except a broken string, which has no colour of its own here.
    if (length <= 0) continue;
    const modifiers = token.modifiers.reduce((bits, name) => bits | (1 << tokenModifiers.indexOf(name)), 0);
    builder.push(line, character, length, tokenTypes.indexOf(token.type), modifiers);
  }
}
