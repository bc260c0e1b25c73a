import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { readFromPage } from './messages.ts';
import { shellHtml } from '../webview-shell.ts';
import { costBody } from '../cost/page.ts';
import { frontBody } from './page.ts';

for (const [name, body] of Object.entries({ front: frontBody, cost: costBody })) {
  test(`the page of the ${name} view allows nothing but its own script and style`, () => {
    const parts = { script: 's.js', styles: ['a.css', 'b.css'], source: 'self:', nonce: 'abc' };
    const html = shellHtml({ ...parts, title: '<b>"&', body });
    assert.match(html, /default-src 'none'; script-src 'nonce-abc'; style-src self:; font-src self:"/);
    assert.doesNotMatch(html, /unsafe-|\sstyle="|\son\w+="/);
    assert.match(html, /<title>&#60;b&#62;&#34;&#38;<\/title>/);
  });
}

test('messages from the page are checked', () => {
  assert.deepEqual(readFromPage({ type: 'open', trial: 3, more: 1 }), { type: 'open', trial: 3 });
  for (const bad of [
    undefined,
    null,
    'open',
    {},
    { type: 'open' },
    { type: 'export', trial: '3' },
    { type: 'rm' },
  ]) {
    assert.equal(readFromPage(bad), undefined);
  }
});
