/** What the server knows from where it is installed. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { URI } from 'vscode-uri';
import { defaultSettings, type Settings } from '../analysis/settings.ts';

/** A page that is there wherever the pages are. */
const anyPage = 'syntax-unexpected-token.md';

/**
 * The default settings, with the address of the pages on diagnostics: they stand in `docs/diagnostics` of the
 * installation, some folders above `program`, the script that runs.
 */
export function installedSettings(program: string = process.argv[1] ?? '.'): Settings {
  for (let folder = path.dirname(program); ; folder = path.dirname(folder)) {
    const pages = path.join(folder, 'docs', 'diagnostics');
    if (existsSync(path.join(pages, anyPage))) {
      const documentationBase = URI.file(pages).toString();
      return { ...defaultSettings, diagnostics: { ...defaultSettings.diagnostics, documentationBase } };
    }
    if (folder === path.dirname(folder)) return defaultSettings;
  }
}
