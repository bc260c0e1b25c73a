/** The tree of runs: each with the trials on its front. */

import * as vscode from 'vscode';
import type { ToldTrial } from '../../engine/search/types.ts';
import { epochsText } from '../front/metrics.ts';
import { bestTrials, factsOf, type Run } from '../history/run.ts';
import { titleOf, type RunStore } from '../history/run-store.ts';
import type { Searches } from '../search/searches.ts';

/** What commands from the tree and from the front view are called with. */
export interface TrialPlace {
  readonly run: string;
  readonly trial?: number;
}

type Node = {
  readonly run: string;
  readonly record?: ToldTrial;
  readonly fullEpochs?: number | undefined;
  readonly trial?: number;
};

/** Icon and context of a run, by where it stands. */
const looks = {
  running: ['loading~spin', 'run.active'],
  finished: ['pass', 'run.finished'],
  stopped: ['debug-pause', 'run.stopped'],
  failed: ['error', 'run.stopped'],
} as const;

export class RunsView implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly runs: RunStore;
  private readonly searches: Searches;
  private readonly changed = new vscode.EventEmitter<Node | undefined>();
  private readonly subscriptions: vscode.Disposable[];
  readonly onDidChangeTreeData = this.changed.event;

  constructor(runs: RunStore, searches: Searches) {
    this.runs = runs;
    this.searches = searches;
    this.subscriptions = [
      runs.onDidChange(() => this.changed.fire(undefined)),
      searches.onDidChange(() => this.changed.fire(undefined)),
      vscode.window.registerTreeDataProvider('nasturtium.runs', this),
    ];
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) return this.runs.runs.map(({ folder }) => ({ run: folder }));
    const run = this.runs.find(node.run);
    if (run === undefined || node.record !== undefined) return [];
    const results = await this.runs.resultsOf(run);
    const { fullEpochs } = results;
    return bestTrials(results).map((record) => ({
      run: run.folder,
      trial: record.trial,
      record,
      fullEpochs,
    }));
  }

  getTreeItem(node: Node): vscode.TreeItem {
    const run = this.runs.find(node.run);
    if (node.record !== undefined) return trialItem(node, node.record);
    if (run === undefined) return new vscode.TreeItem(node.run);
    return this.runItem(run);
  }

  private runItem(run: Run): vscode.TreeItem {
    const { status, statusText } = this.searches.progressOf(run);
    const item = new vscode.TreeItem(titleOf(run), vscode.TreeItemCollapsibleState.Collapsed);
    item.id = run.folder;
    item.description = `${run.settings.strategy}, ${status === 'running' ? this.searches.standing : status}`;
    item.tooltip = `${statusText}\n${run.folder}`;
    const [icon, context] = looks[status];
    item.iconPath = new vscode.ThemeIcon(icon);
    item.contextValue = context;
    return item;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }
}

function trialItem(node: Node, record: ToldTrial): vscode.TreeItem {
  const item = new vscode.TreeItem(record.name);
  const isPartly = !record.fullyTrained && record.result !== undefined;
  const facts = [
    ...factsOf(record, ['latency', 'ram']),
    ...(isPartly ? [epochsText(record.result.epochs, node.fullEpochs)] : []),
  ];
  item.id = `${node.run}#${record.trial}`;
  item.description = facts.join(' · ');
  item.iconPath = new vscode.ThemeIcon(
    record.fullyTrained ? 'circle-filled' : 'circle-outline',
    new vscode.ThemeColor('charts.orange'),
  );
  item.contextValue = 'trial';
  item.command = { command: 'nasturtium.openArchitecture', title: vscode.l10n.t('Open'), arguments: [node] };
  return item;
}
