/** The tree of runs: each with the trials on its front. */

import * as vscode from 'vscode';
import type { ToldTrial } from '../../engine/search/types.ts';
import { formatMetric } from '../../engine/cost/format.ts';
import { epochsText } from '../front/metrics.ts';
import type { Run } from '../history/run.ts';
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
    const { trials, fronts, fullEpochs } = await this.runs.resultsOf(run);
    const best = new Set(fronts.flatMap((front) => front.trials));
    return trials
      .filter(({ trial }) => best.has(trial))
      .sort((a, b) => (b.result?.validation.int8 ?? 0) - (a.result?.validation.int8 ?? 0))
      .map((record) => ({ run: run.folder, trial: record.trial, record, fullEpochs }));
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
    const icons = {
      running: 'loading~spin',
      finished: 'pass',
      stopped: 'debug-pause',
      failed: 'error',
    } as const;
    item.iconPath = new vscode.ThemeIcon(icons[status]);
    item.contextValue = {
      running: 'run.active',
      finished: 'run.finished',
      stopped: 'run.stopped',
      failed: 'run.stopped',
    }[status];
    return item;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }
}

function trialItem(node: Node, record: ToldTrial): vscode.TreeItem {
  const item = new vscode.TreeItem(record.name);
  const [cost] = Object.values(record.costs);
  const facts = [
    ...(record.result === undefined ? [] : [formatMetric('accuracy', record.result.validation.int8)]),
    ...(cost?.latency === undefined ? [] : [formatMetric('latency', cost.latency)]),
    ...(cost === undefined ? [] : [`${formatMetric('ram', cost.ram)} RAM`]),
    ...(record.fullyTrained || record.result === undefined
      ? []
      : [epochsText(record.result.epochs, node.fullEpochs)]),
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
