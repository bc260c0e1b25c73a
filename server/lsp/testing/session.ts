/** A session of no client, for tests of what works on one. */

import type { Connection } from 'vscode-languageserver';
import { defaultSettings } from '../../analysis/settings.ts';
import { filesOf } from '../../testing/fixture.ts';
import { Rest } from '../rest.ts';
import { newSession, type Session } from '../session.ts';

/** @param files text by URI */
export const sessionOf = (files: ReadonlyMap<string, string> = new Map()): Session =>
  newSession({} as Connection, filesOf(files), defaultSettings, new Rest(() => undefined));
