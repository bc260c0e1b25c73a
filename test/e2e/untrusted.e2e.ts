/** In a workspace that is not trusted the language works, and nothing is started or written. */

import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { until } from './patience.ts';
import { obstacle, openSession } from './session.ts';

test(
  'an untrusted workspace has hints, and its search waits for trust',
  { skip: obstacle() ?? false },
  async (t) => {
    const session = await openSession({ workspaceTrust: true, walkthroughs: true });
    t.after(() => session.close());
    const page = await session.newPage();
    await page.goto(session.workbench.url(session.workspace, join(session.workspace, 'tiny.nas')));
    await page
      .locator('.view-lines', { hasText: /\d\s*(ms|µs)/ })
      .first()
      .waitFor();
    // The walkthrough is offered, and what has been done already is ticked in it.
    const offer = page.locator('.notification-toast', { hasText: /Nasturtium is new here/ }).first();
    await offer.locator('.monaco-button', { hasText: 'Get Started' }).click();
    for (const step of ['write', 'cost']) {
      const tick = `[data-done-step-id$="#start#${step}"][aria-checked="true"]`;
      await page.locator(tick).first().waitFor({ state: 'attached' });
    }
    await page.locator('[data-done-step-id$="#start#search"][aria-checked="false"]').first().waitFor();
    assert.doesNotMatch(await page.locator('.gettingStartedContainer').first().innerText(), /`/);
    await session.picture(page, 'walkthrough');
    await page.locator('.tab', { hasText: 'tiny.nas' }).first().click();

    await page
      .locator('.codelens-decoration a', { hasText: /Search$/ })
      .first()
      .click();
    await page
      .locator('.notification-toast', { hasText: /until you trust this workspace/ })
      .first()
      .waitFor();
    await session.picture(page, 'untrusted');
    assert.equal(existsSync(join(session.workspace, 'runs')), false);

    // A model is read, never run: what it costs is shown.
    await page
      .locator('.explorer-folders-view .monaco-list-row', { hasText: 'resnet8.tflite' })
      .first()
      .dblclick();
    const rows = (): Promise<number[]> =>
      Promise.all(
        page.frames().map((frame) =>
          frame
            .locator('#rows tr.layer')
            .count()
            .catch(() => 0),
        ),
      );
    await until('A Cost View with 16 layers', rows, (counts) => counts.includes(16), String);
    await session.picture(page, 'untrusted-cost-view');
  },
);
