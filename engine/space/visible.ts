/**
 * Text of others, shown as it is and not as it would have itself shown: characters that steer a terminal, turn the
 * direction of writing or cannot be seen stand as their numbers. Files, models, boards and runs come from anybody.
 */

/**
 * Control characters (of which line ends and tabs are the caller's matter), what turns the direction of writing (Boucher
 * and Anderson, "Trojan Source", 2021), separators of lines that are none in a text, what has no width, tags, and halves
 * of characters. Joiners stay, since scripts and emoji need them.
 */
const hidden =
  /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** For text of several lines: line ends and tabs stay. */
export function visible(text: string): string {
  return text.replace(hidden, (character) => (/[\n\t]/.test(character) ? character : numberOf(character)));
}

/** For a name or a sentence within a line: line ends and tabs are numbers, too. */
export function visibleLine(text: string): string {
  return text.replace(hidden, numberOf);
}

/** JSON that reads back as the same value, and shows nothing but what it holds. */
export function visibleJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(hidden, (character) =>
    character === '\n' ? character : [...units(character)].map(escapeOf).join(''),
  );
}

function numberOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : escapeOf(code);
}

function* units(character: string): Generator<number> {
  for (let i = 0; i < character.length; i++) yield character.charCodeAt(i);
}

const escapeOf = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;
