import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { readFromPage } from './messages.ts';
import { pageHtml } from './page.ts';

test('the page allows nothing but its own script and style', () => {
  const html = pageHtml({ script: 's.js', style: 's.css', source: 'self:', nonce: 'abc', title: '<b>"&' });
  assert.match(html, /default-src 'none'; script-src 'nonce-abc'; style-src self:; font-src self:"/);
  assert.doesNotMatch(html, /unsafe-|\sstyle="|\son\w+="/);
  assert.match(html, /<title>&#60;b&#62;&#34;&#38;<\/title>/);
});

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
