/**
 * The extension's log: what it is and runs on, what the server, the searches and the other jobs do. The setting
 * `nasturtium.log.level` says how much; *Show Output* shows it.
 */

import * as vscode from 'vscode';
import type { LogLevel } from '../server/analysis/log-level.ts';

type Level = Exclude<LogLevel, 'off'>;

const rank: Readonly<Record<LogLevel, number>> = {
  off: 0,
  error: 1,
  warning: 2,
  info: 3,
  debug: 4,
  trace: 5,
};

function isLevel(value: unknown): value is LogLevel {
  return typeof value === 'string' && Object.hasOwn(rank, value);
}

export class Log implements vscode.Disposable {
  /** The server's log goes here as well. */
  readonly channel = vscode.window.createOutputChannel('Nasturtium', { log: true });

  error(text: string | Error): void {
    if (this.tells('error')) this.channel.error(text);
  }

  warn(text: string): void {
    if (this.tells('warning')) this.channel.warn(text);
  }

  info(text: string): void {
    if (this.tells('info')) this.channel.info(text);
  }

  /** The channel drops what is below its own level, which is that of VS Code and not of this setting. */
  debug(text: string): void {
    if (this.tells('debug')) this.channel.info(`[debug] ${text}`);
  }

  show(): void {
    this.channel.show();
  }

  dispose(): void {
    this.channel.dispose();
  }

  private tells(level: Level): boolean {
    const chosen = vscode.workspace.getConfiguration('nasturtium').get<string>('log.level');
    return rank[level] <= rank[isLevel(chosen) ? chosen : 'info'];
  }
}

/** What a report of a fault needs: versions of everything that has a part in it. */
export function versions(extension: vscode.Extension<unknown>): string {
  const { version } = extension.packageJSON as { readonly version: string };
  const trusted = vscode.workspace.isTrusted ? 'trusted' : 'not trusted';
  return (
    `Nasturtium ${version} in ${vscode.env.appName} ${vscode.version}, ` +
    `Node ${process.versions.node} on ${process.platform} ${process.arch}; the workspace is ${trusted}.`
  );
}
