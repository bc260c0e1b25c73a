/** What a person does, by mouse and keyboard: from opening a space to an exported model. */

import { strict as assert } from 'node:assert';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Frame, Page } from 'playwright-core';
import { tellingLateness, until } from './patience.ts';
import { obstacle, openSession, type Session } from './session.ts';

const skip = obstacle() ?? false;

let session: Session;
let page: Page;

if (skip === false) {
  before(async () => {
    session = await openSession({ workspaceTrust: false });
    page = await session.newPage();
    await page.goto(session.workbench.url(session.workspace, join(session.workspace, 'tiny.nas')));
  });
  after(() => session.close());
}

/** For the page: its buttons, choices and columns of which something lies outside its width. */
const partsBeyondTheEdge = `[...document.querySelectorAll('button, select, .tools label, th, td')]
  .filter((part) => part.getClientRects().length > 0)
  .filter((part) => part.getBoundingClientRect().right > document.documentElement.clientWidth)
  .map((part) => part.id || part.textContent)`;

let broken: string | undefined;

/** One part of the journey. After one has failed, the others have nowhere to start from. */
function step(name: string, body: () => Promise<void>): void {
  test(name, { skip }, async () => {
    if (broken !== undefined) throw new Error(`It was not tried, because this failed before it: ${broken}`);
    try {
      await tellingLateness(name, body);
    } catch (error) {
      broken = name;
      await session.picture(page, 'failed');
      throw error;
    }
  });
}

async function runCommand(title: string): Promise<void> {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await input.waitFor();
  await input.fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** The page of a view of ours, which lives in two frames inside of each other. `accept` looks at an element of it. */
async function viewFrame(selector: string, accept: RegExp = /^/): Promise<Frame> {
  const shown = async (): Promise<Frame | undefined> => {
    for (const frame of page.frames()) {
      const found = frame.locator(selector, { hasText: accept }).first();
      if (await found.isVisible().catch(() => false)) return frame;
    }
    return undefined;
  };
  const frame = await until(`A view that shows ${selector}`, shown, (found) => found !== undefined);
  assert.ok(frame !== undefined);
  return frame;
}

const frontFrame = (): Promise<Frame> => viewFrame('canvas#chart');

step(
  'the file is open at once, with hints beside the layers and the size of the space above it',
  async () => {
    const lines = page.locator('.editor-instance .view-lines').first();
    await lines.waitFor();
    await page
      .locator('.view-lines', { hasText: /dwconv/ })
      .first()
      .waitFor();
    await page
      .locator('.view-lines', { hasText: /\d\s*(ms|µs)/ })
      .first()
      .waitFor();
    await page
      .locator('.codelens-decoration', { hasText: /12\sarchitectures/ })
      .first()
      .waitFor();
    await session.picture(page, '1-hints');
  },
);

step('a hover shows what a layer costs', async () => {
  await page
    .locator('.view-line span', { hasText: /^conv$/ })
    .first()
    .hover();
  await page.locator('.monaco-hover', { hasText: /MAC/ }).first().waitFor();
  await session.picture(page, '2-hover');
});

step('a link in it shows the hover again, with where the numbers come from', async () => {
  await page.locator('.monaco-hover a', { hasText: 'Explain the numbers' }).first().click();
  await page
    .locator('.monaco-hover', { hasText: /Where the time goes, by the path/ })
    .first()
    .waitFor();
  await session.picture(page, '2-explained');
});

step('a link in it leads to the memory of the space over an inference', async () => {
  const link = page.locator('.monaco-hover a', { hasText: 'Memory over the inference' }).first();
  await link.scrollIntoViewIfNeeded();
  await link.click();
  const frame = await viewFrame('#title', /^tiny/);
  await frame.locator('.memory-chart .buffer.peak').first().waitFor();
  await frame.locator('#architecture').selectOption('min');
  // The architecture of the first options has this many multiply-accumulates; the one before had more.
  await frame.locator('#totals', { hasText: '10.5 k' }).waitFor();
  await frame.locator('#rows tr.layer').nth(1).click();
  await frame.locator('#alive', { hasText: /While layer 2, .* these are kept/ }).waitFor();
  await session.picture(page, '2-memory');
  await page.locator('.tab', { hasText: 'Cost: tiny' }).first().click({ button: 'middle' });
  // The hover would lie over the line that comes next.
  await page.mouse.move(5, 5);
  await page.locator('.monaco-hover:visible').first().waitFor({ state: 'detached' });
});

step('a mistake is underlined, and the light bulb mends it', async () => {
  const line = page.locator('.view-line', { hasText: 'dense' }).first();
  await line.click();
  await page.keyboard.press('End');
  await page.keyboard.type('x');
  await page.locator('.squiggly-error').first().waitFor({ state: 'attached' });
  await session.picture(page, '3-mistake');
  await page.keyboard.press('ControlOrMeta+.');
  await page.locator('.action-widget .monaco-list-row').first().waitFor();
  await session.picture(page, '4-light-bulb');
  await page.keyboard.press('Enter');
  await page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
  await page.keyboard.press('ControlOrMeta+s');
});

step('the lens starts a search, and the front fills while it runs', async () => {
  await page
    .locator('.codelens-decoration a', { hasText: /Search$/ })
    .first()
    .click();
  const frame = await frontFrame();
  await frame.locator('#status', { hasText: /Searching: [1-9]/ }).waitFor();
  await frame.locator('#rows tr').first().waitFor();
  await session.picture(page, '5-front-fills');
});

step('the buttons of the front stop the search and resume it', async () => {
  const frame = await frontFrame();
  await frame.locator('#stop').click();
  await frame.locator('#status', { hasText: /was stopped\. Resume goes on/ }).waitFor();
  assert.equal(await frame.locator('#stop').isVisible(), false);
  const kept = await frame.locator('#rows tr').count();
  assert.ok(kept >= 1, 'What had been trained is gone.');
  await session.picture(page, '5-stopped');
  await frame.locator('#resume').click();
  await frame.locator('#status', { hasText: /Searching: / }).waitFor();
  await frame.locator('#status', { hasText: /finished/ }).waitFor();
  assert.ok((await frame.locator('#rows tr').count()) >= 1);
  await session.picture(page, '6-front');
  // Beside the text it has half of the window, where every button and every figure is to be seen.
  assert.ok((await frame.evaluate<number>('innerWidth')) <= 700);
  assert.deepEqual(await frame.evaluate<string[]>(partsBeyondTheEdge), []);
});

step('the keyboard walks through the trials and opens an architecture beside the space', async () => {
  const frame = await frontFrame();
  await frame.locator('#chart').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  const tab = page.locator('.tab.active', { hasText: /^[0-9a-f]{4}-[0-9a-f]{4}\.nas/ });
  await tab.first().waitFor();
  await page
    .locator('.view-lines', { hasText: /space\s+tiny/ })
    .first()
    .waitFor();
  await session.picture(page, '7-architecture');
});

step('the model is exported', async () => {
  const frame = await frontFrame();
  await frame
    .getByRole('button', { name: /^Export/ })
    .first()
    .click();
  // Without a desktop's dialog, VS Code asks in its own.
  await page
    .locator('.quick-input-widget', { hasText: /written/ })
    .first()
    .waitFor();
  await page.locator('.quick-input-widget .monaco-button', { hasText: 'Export Here' }).first().click();
  await page
    .locator('.notification-toast', { hasText: /model and its C source/ })
    .first()
    .waitFor();
  await session.picture(page, '8-exported');
  const folder = readdirSync(session.workspace).find((name) => /^[0-9a-f]{4}-[0-9a-f]{4}$/.test(name));
  assert.ok(folder, 'There is no folder with the exported model.');
  const files = readdirSync(join(session.workspace, folder));
  for (const ending of ['.tflite', '.c', '.h', '.nas']) {
    assert.ok(
      files.some((name) => name.endsWith(ending)),
      `${ending} is not among ${files.join()}`,
    );
  }
});

step('the exported model opens as a page of what it costs', async () => {
  const folder = readdirSync(session.workspace).find((name) => /^[0-9a-f]{4}-[0-9a-f]{4}$/.test(name));
  const row = (name: RegExp | string) =>
    page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
  await row(folder ?? '').click();
  // The notification of the export would cover the page.
  await page.locator('.notification-toast .codicon-notifications-clear').first().click();
  await row(/^tiny_.*\.tflite$/).dblclick();
  const frame = await viewFrame('#title', /^tiny_.*\.tflite$/);
  await frame.locator('.memory-chart .buffer.peak').first().waitFor();
  const layers = await frame.locator('#rows tr.layer').count();
  assert.ok(layers >= 5, `It shows ${layers} layers.`);
  await session.picture(page, '9-cost-view');
  // A heading sorts, the dearest first; the keyboard walks through the rows.
  await frame.getByRole('button', { name: 'Latency' }).click();
  await frame.locator('th[aria-sort="descending"]', { hasText: 'Latency' }).waitFor();
  await frame.locator('#rows tr.layer').first().click();
  await page.keyboard.press('ArrowDown');
  await frame.locator('#rows tr.layer').nth(1).and(frame.locator('[aria-selected="true"]')).waitFor();
  // Another board, and the same view of it.
  await frame.locator('#board').selectOption('pico');
  await frame.locator('#status', { hasText: /Raspberry Pi Pico/ }).waitFor();
  await session.picture(page, '9-cost-view-pico');
  // Half of a window holds every button and every column.
  const cut = (): Promise<string[]> => frame.evaluate<string[]>(partsBeyondTheEdge);
  await until('A page of at most 700 pixels that cuts nothing', cut, (parts) => parts.length === 0, String);
  assert.ok((await frame.evaluate<number>('innerWidth')) <= 700);
});

step('the results survive a reload of the window', async () => {
  await page.locator('.tab', { hasText: 'tiny.nas' }).first().click();
  await runCommand('Developer: Reload Window');
  await page.waitForEvent('load');
  // The Cost View looks at the same board as before. Which of the tabs is in front depends on the group it opened in.
  await page
    .locator('.tab', { hasText: /^tiny_.*\.tflite/ })
    .first()
    .click();
  await viewFrame('#status', /Raspberry Pi Pico/);
  await page.locator('.tab', { hasText: 'Front: tiny' }).first().click();
  const frame = await frontFrame();
  await frame.locator('#rows tr').first().waitFor();
  await runCommand('Nasturtium: Look for Runs Again');
  assert.ok(existsSync(join(session.workspace, 'runs')));
  await page.locator('.activitybar .action-label[aria-label="Nasturtium"]').first().click();
  await page.locator('.pane-body .monaco-list-row', { hasText: /tiny/ }).first().waitFor();
  await session.picture(page, '10-after-reload');
});

step('the log says what runs, and how the searches went', async () => {
  await runCommand('Nasturtium: Show Output');
  await page
    .locator('.panel .view-lines', { hasText: /The\slanguage\sserver\sruns\son/ })
    .first()
    .waitFor();
  await page.keyboard.press('ControlOrMeta+j');
});

step('a run is deleted when a person says so twice, with its folder', async () => {
  const [run] = readdirSync(join(session.workspace, 'runs'));
  assert.ok(run !== undefined);
  const row = page.locator('.pane-body .monaco-list-row', { hasText: /tiny/ }).first();
  const dialog = page.locator('.monaco-dialog-box', { hasText: /with all its trained models/ });
  const ask = async (): Promise<void> => {
    await row.click({ button: 'right' });
    const item = page.locator('.context-view .action-label', { hasText: 'Delete the Run' }).first();
    await item.waitFor();
    // A click just after the menu has opened counts as the end of the one that opened it, and does nothing.
    const asked = async (): Promise<boolean> => {
      if (await dialog.isVisible()) return true;
      if (await item.isVisible()) await item.click({ timeout: 2000 }).catch(() => undefined);
      return dialog.isVisible();
    };
    await until('The question whether to delete the run', asked, (isThere) => isThere);
  };
  await ask();
  await session.picture(page, '11-delete');
  await dialog.locator('.monaco-button', { hasText: 'Cancel' }).first().click();
  await dialog.waitFor({ state: 'detached' });
  assert.ok(existsSync(join(session.workspace, 'runs', run)), 'Cancel has deleted it.');
  await ask();
  await dialog.locator('.monaco-button', { hasText: 'Delete' }).first().click();
  await row.waitFor({ state: 'detached' });
  assert.equal(existsSync(join(session.workspace, 'runs', run)), false);
});

step(
  'a click on Profile runs the layers on a virtual board, and what they took stands in the workspace',
  async () => {
    await page.locator('.tabs-container .tab', { hasText: 'tiny.nas' }).first().click();
    await page.locator('.codelens-decoration a', { hasText: 'Profile' }).first().click();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Virtual RP2040' }).first().click();
    await page
      .locator('.notification-toast', { hasText: /17 layers were measured on Virtual RP2040/ })
      .first()
      .waitFor();
    assert.deepEqual(readdirSync(join(session.workspace, '.nasturtium/boards')), ['virtual-rp2040.json']);
  },
);
