/** The person's settings (`nasturtium.*`), with a default for whatever is missing or malformed. */

import { defaultLogLevel, isLogLevel, type LogLevel } from './log-level.ts';

export type HintKind =
  'latency' | 'ram' | 'flash' | 'macs' | 'energy' | 'shapes' | 'values' | 'limits' | 'uses';

export interface Settings {
  readonly inlayHints: Readonly<Record<HintKind, boolean>>;
  readonly codeLens: boolean;
  readonly logLevel: LogLevel;
  /** Folders with boards and runtimes beside those that are found: paths, absolute or from the workspace's folders. */
  readonly profiles: readonly string[];
  readonly diagnostics: {
    /** Whether layers off the fast kernel path are reported. */
    readonly slowPath: boolean;
    /**
     * Start of the address of a diagnostic's page; the code and `.md` are put after it. Without one, problems
     * carry no address rather than one that leads nowhere.
     */
    readonly documentationBase: string | undefined;
  };
}

export const defaultSettings: Settings = {
  inlayHints: {
    latency: true,
    ram: true,
    flash: false,
    macs: false,
    energy: false,
    shapes: false,
    values: false,
    limits: true,
    uses: true,
  },
  codeLens: true,
  logLevel: defaultLogLevel,
  profiles: [],
  diagnostics: {
    slowPath: true,
    documentationBase: undefined,
  },
};

type Unknown = Readonly<Record<string, unknown>>;

function section(value: unknown, key: string): Unknown {
  if (typeof value !== 'object' || value === null) return {};
  const inner = (value as Unknown)[key];
  return typeof inner === 'object' && inner !== null ? (inner as Unknown) : {};
}

function flag(from: Unknown, key: string, fallback: boolean): boolean {
  const value = from[key];
  return typeof value === 'boolean' ? value : fallback;
}

function texts(from: unknown, key: string, fallback: readonly string[]): readonly string[] {
  if (typeof from !== 'object' || from === null) return fallback;
  const value = (from as Unknown)[key];
  if (!Array.isArray(value)) return fallback;
  return value.filter((each): each is string => typeof each === 'string' && each !== '');
}

/** Reads the section `nasturtium` as a client sends it. Never fails: a wrong type counts as absent. */
export function readSettings(raw: unknown, defaults: Settings = defaultSettings): Settings {
  const hints = section(raw, 'inlayHints');
  const diagnostics = section(raw, 'diagnostics');
  const base = diagnostics['documentationBase'];
  const lens = section(raw, 'codeLens');
  const { level } = section(raw, 'log');
  return {
    inlayHints: Object.fromEntries(
      Object.entries(defaults.inlayHints).map(([kind, fallback]) => [kind, flag(hints, kind, fallback)]),
    ) as Record<HintKind, boolean>,
    codeLens: flag(lens, 'enabled', defaults.codeLens),
    logLevel: isLogLevel(level) ? level : defaults.logLevel,
    profiles: texts(raw, 'profiles', defaults.profiles),
    diagnostics: {
      slowPath: flag(diagnostics, 'slowPath', defaults.diagnostics.slowPath),
      documentationBase:
        typeof base === 'string' && base !== '' ? base : defaults.diagnostics.documentationBase,
    },
  };
}
