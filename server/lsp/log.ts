/** What the server writes into the client's log, as much of it as the setting `log.level` asks for. */

import { tells, type LogLevel } from '../analysis/log-level.ts';
import type { Session } from './session.ts';

export function log(
  { connection, settings }: Pick<Session, 'connection' | 'settings'>,
  level: Exclude<LogLevel, 'off'>,
  text: string,
): void {
  if (!tells(settings.logLevel, level)) return;
  const { console } = connection;
  if (level === 'error') console.error(text);
  else if (level === 'warning') console.warn(text);
  // Clients have filters of their own, and would drop what this setting has asked for.
  else console.info(level === 'info' ? text : `[${level}] ${text}`);
}
