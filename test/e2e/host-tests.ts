/**
 * Runs tests inside the extension host of a real workbench and reports each of them.
 *
 * VS Code's own hook for browser tests is used: the page gets two functions that it calls with what the tests
 * log and with their exit code. Built workbenches no longer take the tests' path from the address, but they do
 * take it from the configuration that the server writes into the page, which is changed while it is read.
 */

import { hopelessMs, lateness } from './patience.ts';
import type { Session } from './session.ts';

export interface HostTestResult {
  readonly name: string;
  readonly error?: string;
  readonly skipped?: string;
  readonly ms: number;
}

/** What marks a line of the host's log as a report. */
export const reportMark = 'NASTURTIUM-HOST-TEST ';

/** A script for the page: where the tests are, put into the configuration when the workbench reads it. */
function configureTests(host: string, extension: string): string {
  const uri = (path: string): object => ({ scheme: 'vscode-remote', authority: host, path });
  const options = JSON.stringify({
    extensions: [uri(extension)],
    extensionTestsPath: uri(`${extension}/index.cjs`),
  });
  return `{
    const original = Element.prototype.getAttribute;
    Element.prototype.getAttribute = function (name) {
      const value = original.call(this, name);
      if (name !== 'data-settings' || this.id !== 'vscode-workbench-web-configuration') return value;
      const configuration = JSON.parse(value);
      configuration.developmentOptions = { ...configuration.developmentOptions, ...${options} };
      return JSON.stringify(configuration);
    };
  }`;
}

/** `testsExtension` is a folder with an extension of which nothing but `index.cjs`, the tests, is run. */
export async function runHostTests(
  session: Session,
  testsExtension: string,
): Promise<readonly HostTestResult[]> {
  const page = await session.newPage();
  const results: HostTestResult[] = [];
  const log: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let finish: (code: number) => void = () => undefined;
  const exit = new Promise<number>((done) => (finish = done));
  await page.exposeFunction('codeAutomationLog', (_type: string, parts: readonly unknown[]) => {
    for (const part of parts) {
      const text = String(part);
      log.push(text);
      const at = text.indexOf(reportMark);
      if (at < 0) continue;
      const result = JSON.parse(text.slice(at + reportMark.length)) as HostTestResult;
      results.push(result);
      const late = lateness(result.name, result.ms);
      if (late !== undefined) process.stderr.write(`${late}\n`);
      clearTimeout(timer);
      timer = setTimeout(() => finish(-1), hopelessMs);
    }
  });
  await page.exposeFunction('codeAutomationExit', (code: number) => finish(code));
  await page.addInitScript({ content: configureTests(session.workbench.host, testsExtension) });
  await page.goto(session.workbench.url(session.workspace), { waitUntil: 'domcontentloaded' });
  // Time without a sign of life, since how many tests there are is for them to know.
  timer = setTimeout(() => finish(-1), hopelessMs);
  const code = await exit;
  clearTimeout(timer);
  await session.picture(page, 'host-tests');
  await page.close();
  if (code === -1) {
    throw new Error(
      `The extension host said nothing for ${hopelessMs / 1000} s. Its log:\n${log.join('\n')}`,
    );
  }
  if (results.length === 0) throw new Error(`The extension host ran no test. Its log:\n${log.join('\n')}`);
  return results;
}
