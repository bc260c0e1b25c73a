/** What is wrong with a file by its schema, in sentences that say what to do. */

import type { ErrorObject } from 'ajv';

interface Described {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, { readonly description?: string }>>;
  readonly required?: readonly string[];
}

const kinds: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'a text in quotes',
  array: 'a list in [ ]',
  object: 'an object in { }',
  boolean: 'true or false',
};

/** Longer lists than this are not written out where the name that was meant can be told. */
const mostListed = 12;

/** Characters of a pointer that are shown of a place. */
const longestPlace = 120;

/**
 * The error must be of a check with ajv's `verbose`, which adds what stands there and the schema around it.
 * @param whole what the text as a whole is called
 */
export function faultSentence(error: ErrorObject, whole = 'The file'): string {
  const place =
    error.instancePath === ''
      ? whole
      : `"${shortened(error.instancePath.slice(1).replaceAll('/', '.'), longestPlace)}"`;
  const parameters = error.params as Readonly<Record<string, unknown>>;
  const around = (error.parentSchema ?? {}) as Described;
  const found = shown(error.data);
  const about = around.description === undefined ? '' : ` ${around.description}`;
  switch (error.keyword) {
    case 'required': {
      const name = String(parameters['missingProperty']);
      const description = around.properties?.[name]?.description;
      return `${place} lacks "${name}": add it.${description === undefined ? '' : ` ${description}`}`;
    }
    case 'additionalProperties': {
      const name = String(parameters['additionalProperty']);
      const meant = nearest(name, Object.keys(around.properties ?? {}));
      const cure = meant === undefined ? 'remove it or check its spelling' : `did you mean "${meant}"?`;
      return `${place} has "${shortened(name)}", which means nothing here: ${cure}${meant === undefined ? '.' : ''}`;
    }
    case 'enum': {
      const allowed = (parameters['allowedValues'] as readonly unknown[]).map(String);
      const name = error.propertyName ?? (typeof error.data === 'string' ? error.data : undefined);
      const what =
        error.propertyName === undefined ? `${place} is ${found}` : `${place} has "${shortened(name ?? '')}"`;
      const meant = name === undefined ? undefined : nearest(name, allowed);
      if (meant === undefined) return `${what}, which is not one of ${allowed.join(', ')}.`;
      const list = allowed.length > mostListed ? '' : ` It is one of ${allowed.join(', ')}.`;
      return `${what}, which is not known: did you mean "${meant}"?${list}`;
    }
    case 'discriminator':
      return `${place} must have a "${String(parameters['tag'])}" that the schema knows: an editor lists them.`;
    case 'const':
      return `${place} is ${found}, and must be ${shown(parameters['allowedValue'])}, or be left out.`;
    case 'type':
      return `${place} is ${found}, and must be ${kinds[String(parameters['type'])] ?? String(parameters['type'])}.${about}`;
    case 'pattern':
      return `${place} is ${found}, and must be of the form ${String(parameters['pattern'])}.${about}`;
    case 'minimum':
      return `${place} is ${found}, and must be at least ${String(parameters['limit'])}.${about}`;
    case 'exclusiveMinimum':
      return `${place} is ${found}, and must be greater than ${String(parameters['limit'])}.${about}`;
    case 'minItems':
      return `${place} is empty: write at least one entry.${about}`;
    case 'maximum':
      return `${place} is ${found}, and must be at most ${String(parameters['limit'])}.${about}`;
    case 'false schema':
      return `${place} must be left out here.`;
    case 'uniqueItems':
      return `${place} has the same entry twice: remove one of them.`;
    case 'minProperties':
    case 'maxProperties': {
      const others = Object.keys(around.properties ?? {}).filter(
        (name) => around.required?.includes(name) !== true,
      );
      return `${place} needs ${quoted(around.required ?? [])} and exactly one of ${quoted(others)}.`;
    }
    default:
      return `${place} ${error.message ?? 'is not as the schema says'}.`;
  }
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** Short enough for a sentence. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return shortened(JSON.stringify(value));
}

/** Names are up to their author, and sentences are for people. */
function shortened(text: string, longest = 40): string {
  return text.length > longest ? `${text.slice(0, longest - 3)}…` : text;
}

/** The name that begins most like this one, if half of it does; capitals and separators do not count. */
function nearest(name: string, candidates: readonly string[]): string | undefined {
  const letters = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const wanted = letters(name);
  let best: { readonly candidate: string; readonly length: number } | undefined;
  for (const candidate of candidates) {
    const other = letters(candidate);
    let length = 0;
    while (length < wanted.length && wanted[length] === other[length]) length += 1;
    if (length >= 3 && 2 * length >= Math.max(wanted.length, other.length) && length > (best?.length ?? 0)) {
      best = { candidate, length };
    }
  }
  return best?.candidate;
}
