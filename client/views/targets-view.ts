/** The tree of targets: for the file in the editor, what its space can cost on each of them. */

import * as vscode from 'vscode';
import type { RangeInfo, TargetInfo } from '../../server/lsp/protocol.ts';
import { formatHertz, formatMetric } from '../../engine/cost/format.ts';
import { type CostMetric, metrics, scheduledMetrics } from '../../engine/space/metrics.ts';
import type { NasLanguageServer } from '../language-server.ts';

interface Row {
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly tooltip?: string;
  readonly children: readonly Row[];
}

/** How long the text has to rest before the tree asks again. */
const restMs = 500;

export class TargetsView implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly server: NasLanguageServer;
  private readonly changed = new vscode.EventEmitter<undefined>();
  private readonly subscriptions: vscode.Disposable[];
  private readonly view: vscode.TreeView<Row>;
  private timer: NodeJS.Timeout | undefined;
  /** The file that was in the editor last; a webview in front does not empty the tree. */
  private document: vscode.TextDocument | undefined;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(server: NasLanguageServer) {
    this.server = server;
    this.view = vscode.window.createTreeView('nasturtium.targets', { treeDataProvider: this });
    this.look(vscode.window.activeTextEditor);
    this.subscriptions = [
      this.view,
      vscode.window.onDidChangeActiveTextEditor((editor) => this.look(editor)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document === this.document) this.refresh(restMs);
      }),
      server.onDidChangeState(() => this.refresh(0)),
    ];
  }

  private look(editor: vscode.TextEditor | undefined): void {
    if (editor?.document.languageId !== 'nas') return;
    this.document = editor.document;
    this.refresh(0);
  }

  private refresh(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.changed.fire(undefined), delay);
  }

  async getChildren(row?: Row): Promise<Row[]> {
    if (row !== undefined) return [...row.children];
    if (this.document === undefined) {
      this.view.message = vscode.l10n.t('Open a .nas file to see what its space costs on its targets.');
      return [];
    }
    const info = await this.server.spaceInfo(this.document.uri);
    const targets = info?.spaces.flatMap((space) =>
      space.targets.map((target) => targetRow(info.spaces.length > 1 ? space.name : undefined, target)),
    );
    this.view.message =
      targets === undefined || targets.length > 0
        ? ''
        : vscode.l10n.t('This file names no target that is known, or its space has problems.');
    return targets ?? [];
  }

  getTreeItem({ label, description, icon, tooltip, children }: Row): vscode.TreeItem {
    const item = new vscode.TreeItem(
      label,
      children.length > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None,
    );
    item.description = description;
    item.iconPath = new vscode.ThemeIcon(icon);
    if (tooltip !== undefined) item.tooltip = tooltip;
    return item;
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }
}

function targetRow(space: string | undefined, target: TargetInfo): Row {
  return {
    label: space === undefined ? target.board : `${space} on ${target.board}`,
    description: `${target.runtime}, ${formatHertz(target.clockHz)}`,
    icon: 'circuit-board',
    ...(target.origin === null
      ? {}
      : { tooltip: vscode.l10n.t('From your workspace: {0}', vscode.Uri.parse(target.origin).fsPath) }),
    children: [
      boundRow('latency', target.latencyMs, 'watch'),
      boundRow('ram', target.ramBytes, 'database'),
      boundRow('flash', target.flashBytes, 'save'),
      boundRow('macs', target.macs, 'symbol-operator'),
      ...scheduledMetrics.flatMap((metric) => {
        const range = target.scheduled[metric];
        return range === undefined ? [] : [boundRow(metric, range, 'pulse')];
      }),
    ],
  };
}

function boundRow(metric: CostMetric, range: RangeInfo | null, icon: string): Row {
  const { label } = metrics[metric];
  if (range === null) {
    const description = vscode.l10n.t('not known');
    const tooltip = vscode.l10n.t('No measurements support a number for this target.');
    return { label, description, icon, tooltip, children: [] };
  }
  return {
    label,
    description: formatMetric(metric, range),
    icon,
    tooltip: range.exact
      ? vscode.l10n.t('Both ends are reached by an architecture of the space.')
      : vscode.l10n.t('No architecture of the space lies outside of these limits.'),
    children: [],
  };
}
