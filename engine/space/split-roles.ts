/** The words by which people call the parts of a dataset, in names of folders, files and arrays. */

export type Role = 'train' | 'validation' | 'test';

const WORDS: Readonly<Record<string, Role>> = {
  train: 'train',
  training: 'train',
  val: 'validation',
  valid: 'validation',
  validate: 'validation',
  validation: 'validation',
  dev: 'validation',
  devel: 'validation',
  development: 'validation',
  test: 'test',
  testing: 'test',
  // What MNIST calls the ten thousand images of its test split.
  t10k: 'test',
};

/** Words beside it that say nothing more: `training_set`, `test-images`. */
const PADDING = /[-_ ]?(?:set|split|data|dataset|images|folder)$/i;

/** The part that a name means, in any case; undefined when it means none. */
export function roleOf(name: string): Role | undefined {
  const word = name.trim().toLowerCase();
  return WORDS[word] ?? WORDS[word.replace(PADDING, '')];
}
