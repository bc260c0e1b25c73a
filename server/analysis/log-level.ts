/** How much the log tells: the setting `nasturtium.log.level`, the same for the server and for the extension. */

/** From the fewest words to the most; each tells what those before it tell, too. */
export const logLevels = ['off', 'error', 'warning', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof logLevels)[number];

export const defaultLogLevel: LogLevel = 'info';

export function isLogLevel(value: unknown): value is LogLevel {
  return logLevels.some((level) => level === value);
}

/** Whether a line of `level` is told at the setting `chosen`. */
export function tells(chosen: LogLevel, level: Exclude<LogLevel, 'off'>): boolean {
  return logLevels.indexOf(level) <= logLevels.indexOf(chosen);
}
