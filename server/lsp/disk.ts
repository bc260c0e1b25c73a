/** The disk, for files that are not open. Unreadable is the same as absent; the analysis says which import failed. */

import { opendirSync, readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { URI } from 'vscode-uri';
import { pathKind, readTextSync } from '../../engine/files/index.ts';
import type { FileSystem } from '../analysis/files.ts';

/** Folders that never hold a person's sources. */
const skipped = new Set(['node_modules', '.git', '.hg', '.svn', 'dist', 'out']);
const deepestFolder = 12;
const mostFiles = 5000;

export const disk: FileSystem = {
  read(uri) {
    const file = pathOf(uri);
    if (file === undefined) return undefined;
    try {
      // An editor's text has no byte order mark either, and columns are those of the editor.
      return readTextSync(file, file.endsWith('.json') ? 'profile' : 'space').replace(/^\uFEFF/, '');
    } catch {
      return undefined;
    }
  },

  find(folder) {
    const root = pathOf(folder);
    const found: string[] = [];
    const visit = (directory: string, depth: number): void => {
      for (const entry of entries(directory)) {
        if (found.length >= mostFiles) return;
        const file = path.join(directory, entry.name);
        if (entry.isDirectory()) {
          if (depth < deepestFolder && !skipped.has(entry.name)) visit(file, depth + 1);
        } else if (entry.name.endsWith('.nas')) {
          found.push(URI.file(file).toString());
        }
      }
    };
    if (root !== undefined) visit(root, 0);
    return found;
  },

  list(folder, most = Infinity) {
    const directory = pathOf(folder);
    if (directory === undefined) return [];
    return first(directory, most).map((entry) =>
      isFolder(path.join(directory, entry.name), entry) ? `${entry.name}/` : entry.name,
    );
  },

  kind(uri) {
    const file = pathOf(uri);
    return file === undefined ? undefined : pathKind(file);
  },
};

function entries(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** No more than are wanted are read: a folder of data can hold a million. */
function first(directory: string, most: number): Dirent[] {
  if (most === Infinity) return entries(directory);
  const found: Dirent[] = [];
  try {
    const folder = opendirSync(directory);
    try {
      while (found.length < most) {
        const entry = folder.readSync();
        if (entry === null) break;
        found.push(entry);
      }
    } finally {
      folder.closeSync();
    }
  } catch {
    return [];
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Links are followed. */
function isFolder(file: string, entry: Dirent): boolean {
  return entry.isDirectory() || (entry.isSymbolicLink() && pathKind(file) === 'folder');
}

/** `undefined` for what is not on this machine's disk (untitled, virtual workspaces). */
function pathOf(uri: string): string | undefined {
  const parsed = URI.parse(uri);
  return parsed.scheme === 'file' ? parsed.fsPath : undefined;
}
