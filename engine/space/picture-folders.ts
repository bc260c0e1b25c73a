/**
 * How pictures lie in folders: one for each class, or such folders in those of the splits. One rule for who types the path
 * and for who reads the pictures.
 */

import { roleOf } from './split-roles.ts';

/** What is in folders, without what is hidden. `undefined` where there are too many names to look at. */
export interface FolderNames {
  readonly folders: (path: string) => readonly string[] | undefined;
  readonly hasPictures: (path: string) => boolean | undefined;
  readonly join: (path: string, name: string) => string;
}

export interface PictureFolders {
  /** Names of folders that mean a part of the dataset; none where the classes lie in the folder itself. */
  readonly parts: readonly string[];
  /** Where the training images are, with the classes that they have. */
  readonly train: string;
  readonly classes: readonly string[];
}

/** Of files that are read as pictures. */
export const isPicture = (name: string): boolean => /\.(?:png|jpe?g)$/i.test(name);

/** Also what macOS puts beside the files of a zip. */
export const isHidden = (name: string): boolean => name.startsWith('.') || name === '__MACOSX';

/**
 * `fault` is a full sentence with what to do; nothing is said where there is too much to look at.
 * @param mostClasses are looked into
 */
export function pictureFolders(
  path: string,
  { folders, hasPictures, join }: FolderNames,
  mostClasses = Infinity,
): PictureFolders | { readonly fault: string } | undefined {
  const inside = folders(path);
  if (inside === undefined || inside.length > mostClasses) return undefined;
  // A class may be called train, too: then it holds pictures and no folders.
  const holding = inside.filter((name) => (folders(join(path, name))?.length ?? 0) > 0);
  const parts = holding.filter((name) => roleOf(name) !== undefined);
  const own = parts.find((name) => roleOf(name) === 'train');
  if (parts.length > 0 && own === undefined) {
    const fault = `${path} has ${parts.join(' and ')}, but no folder train beside it. Put the training images into ${join(path, 'train')}, one folder per class.`;
    return { fault };
  }
  const train = own === undefined ? path : join(path, own);
  const classes = own === undefined ? inside : folders(train);
  if (classes === undefined || classes.length > mostClasses) return undefined;
  if (classes.length < 2) {
    const found = classes.length === 0 ? 'no folders' : `one folder, ${classes.join()}`;
    const fault = `${train} has ${found}, and \`images\` reads one per class, at least two. Sort the images into folders named after their classes.`;
    return { fault };
  }
  const empty = classes.find((name) => hasPictures(join(train, name)) === false);
  if (empty === undefined) return { parts, train, classes };
  const fault = `${join(train, empty)} holds no .png, .jpg or .jpeg files. Put the images of the class there, or remove the folder.`;
  return { fault };
}
