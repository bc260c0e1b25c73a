/** One workbench with the packaged extension installed, and one headless browser in front of it. */

import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium as launcher, type Browser, type Page } from 'playwright-core';
import { chromium, find } from '../../scripts/system-packages.ts';
import { startWorkbench, type Workbench } from '../../scripts/workbench/server.ts';
import { writeFewImages } from './few-images.ts';
import { hopelessMs } from './patience.ts';
import { quietSettings } from '../../scripts/workbench/settings.ts';

export const root = resolve(import.meta.dirname, '../..');
const vsix = join(root, 'nasturtium.vsix');
const artifacts = join(root, 'artifacts');

export interface Session {
  readonly workbench: Workbench;
  /** A copy of the test workspace, thrown away afterwards. */
  readonly workspace: string;
  newPage(): Promise<Page>;
  /** Keeps a picture of the page in `artifacts/`. */
  picture(page: Page, name: string): Promise<void>;
  close(): Promise<void>;
}

/** Why the tests cannot run on this machine, or `undefined` when they can. */
export function obstacle(): string | undefined {
  return find(chromium) === undefined ? 'Chromium is not installed' : undefined;
}

export async function openSession(options: {
  readonly workspaceTrust: boolean;
  /** Whether walkthroughs are wanted; elsewhere their offer would cover what is tested. */
  readonly walkthroughs?: boolean;
}): Promise<Session> {
  const folder = mkdtempSync(join(tmpdir(), 'nasturtium-e2e-'));
  const workspace = join(folder, 'workspace');
  cpSync(join(import.meta.dirname, 'workspace'), workspace, { recursive: true });
  writeFewImages(join(root, 'examples/data/fashion-mnist-subset'), join(workspace, 'data'), {
    train: 2000,
    t10k: 200,
  });
  cpSync(
    join(root, 'test/fixtures/tflite/mlperf_tiny_ic_resnet8_int8.tflite'),
    join(workspace, 'resnet8.tflite'),
  );
  mkdirSync(artifacts, { recursive: true });
  const workbench = await startWorkbench({
    userFolder: join(folder, 'user'),
    vsix,
    settings: {
      ...quietSettings,
      'window.commandCenter': false,
      'workbench.welcomePage.walkthroughs.openOnInstall': options.walkthroughs ?? false,
      // In a restricted window the question would cover the page; the tests look at the restricted state itself.
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
    },
    workspaceTrust: options.workspaceTrust,
  });
  const browser: Browser = await launcher.launch({
    executablePath: find(chromium) ?? '',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    workbench,
    workspace,
    async newPage() {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      page.setDefaultTimeout(hopelessMs);
      return page;
    },
    async picture(page, name) {
      await page.screenshot({ path: join(artifacts, `${name}.png`) });
    },
    async close() {
      await browser.close();
      workbench.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
