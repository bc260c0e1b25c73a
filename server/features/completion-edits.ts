/**
 * How completions reach the text. One range serves the whole list where the client can share it: then each item
 * says in `textEditText` what it writes, because its `insertText` counts for nothing. Other clients get an edit
 * with each item. Behind the cursor a word goes on or is replaced, as the person has set it.
 */

import { InsertTextFormat, type CompletionItem, type CompletionList } from 'vscode-languageserver-types';
import type { Span } from '../../grammar/ast.ts';
import type { Lines } from '../analysis/lines.ts';

/** What a client can take. */
export interface CompletionClient {
  readonly snippets: boolean;
  /** A range for the whole list: LSP's `completionList.itemDefaults`. */
  readonly sharedRange: boolean;
  /** Two ranges, one that keeps what stands behind the cursor. */
  readonly insertReplace: boolean;
}

export const modernClient: CompletionClient = { snippets: true, sharedRange: true, insertReplace: true };

export function listFor(
  items: readonly CompletionItem[],
  word: Span,
  offset: number,
  lines: Lines,
  client: CompletionClient,
): CompletionList {
  const replace = lines.range(word);
  const insert = lines.range({ start: word.start, end: Math.max(word.start, Math.min(offset, word.end)) });
  const written = items.map((item) => (client.snippets ? item : withoutSnippet(item)));
  if (client.sharedRange) {
    return {
      isIncomplete: false,
      itemDefaults: { editRange: client.insertReplace ? { insert, replace } : replace },
      items: written.map(({ insertText, ...item }) =>
        insertText === undefined ? item : { ...item, textEditText: insertText },
      ),
    };
  }
  return {
    isIncomplete: false,
    items: written.map(({ insertText, ...item }) => {
      const newText = insertText ?? item.label;
      return {
        ...item,
        textEdit: client.insertReplace ? { newText, insert, replace } : { newText, range: replace },
      };
    }),
  };
}

function withoutSnippet({ insertTextFormat, insertText, ...item }: CompletionItem): CompletionItem {
  if (insertText === undefined) return item;
  return {
    ...item,
    insertText: insertTextFormat === InsertTextFormat.Snippet ? plainText(insertText) : insertText,
  };
}

/** What a snippet leaves when nobody fills in its places: `conv 3x3 -> 16` of `conv ${1:3x3} -> ${2:16}`. */
function plainText(snippet: string): string {
  return snippet
    .replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1')
    .replace(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, '$1')
    .replace(/\$\d+/g, '')
    .replace(/\\([\\$}])/g, '$1');
}
