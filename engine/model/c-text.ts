/** Text of anybody in C: names, and comments that stay comments for every compiler. */

import { visibleLine } from '../space/index.ts';

/** https://en.cppreference.com/w/c/keyword and .../cpp/keyword, those without capitals. */
const keywords: ReadonlySet<string> = new Set(
  (
    'alignas alignof and and_eq asm atomic_cancel atomic_commit atomic_noexcept auto bitand bitor bool break case catch ' +
    'char char8_t char16_t char32_t class co_await co_return co_yield compl concept const const_cast consteval ' +
    'constexpr constinit continue contract_assert decltype default delete do double dynamic_cast else enum explicit ' +
    'export extern false far float for friend goto huge if inline int interrupt long mutable namespace near new noexcept ' +
    'not not_eq nullptr operator or or_eq private protected public reflexpr register reinterpret_cast requires restrict ' +
    'return short signed sizeof static static_assert static_cast struct switch synchronized template this thread_local ' +
    'throw true try typedef typeid typename typeof typeof_unqual union unsigned using virtual void volatile wchar_t ' +
    'while xor xor_eq main linux unix errno'
  ).split(' '),
);

/** Characters by which every C compiler tells names apart (C99, 5.2.4.1), less those of what is added to a name. */
const longestName = 48;

/** A valid C identifier: letters, digits and `_`, not starting with a digit, and no word of C or C++. */
export function cIdentifier(name: string): string {
  const cleaned = name
    .replace(/\W+/g, '_')
    .replace(/^_+/, '')
    .slice(0, longestName)
    .replace(/_+$/, '')
    .toLowerCase();
  return /^[a-z]/.test(cleaned) && !keywords.has(cleaned) ? cleaned : `model_${cleaned}`.replace(/_+$/, '');
}

/** A comment of the given lines, which may hold anything. */
export function cComment(lines: readonly string[]): string {
  return ['/*', ...lines.map((line) => ` * ${inComment(line)}`.trimEnd()), ' */'].join('\n');
}

/**
 * Neither ends the comment nor seems to begin another, joins no lines (a backslash at the end of one, or its trigraph
 * `??/`, would) and is ASCII, whatever the character set that a compiler expects.
 */
function inComment(text: string): string {
  return visibleLine(text)
    .replace(
      /[^\x20-\x7e]/gu,
      (character) => `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}>`,
    )
    .replace(/\\(?!u)/g, '<U+5C>')
    .replace(/\?(?=\?)/g, '? ')
    .replace(/\*(?=\/)|\/(?=\*)/g, '$& ');
}
