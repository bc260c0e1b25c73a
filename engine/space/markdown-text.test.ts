import assert from 'node:assert/strict';
import { test } from 'node:test';
import { markdownBlock, markdownCode, markdownText } from './markdown-text.ts';

test('text of others does nothing in Markdown', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['![](https://evil.example/x.png)', '!\\[\\]\\(https\\://evil.example/x.png)'],
    ['[free](command:workbench.action.quit)', '\\[free\\]\\(command\\:workbench.action.quit)'],
    ['<img src=x onerror=alert(1)> &lt;', '&lt;img src=x onerror=alert(1)&gt; &amp;lt;'],
    ['<https://evil.example>', '&lt;https\\://evil.example&gt;'],
    ['www.evil.example and a@b.c', 'www\\.evil.example and a\\@b.c'],
    ['a | b `code` ~~gone~~ $(zap)', 'a \\| b \\`code\\` \\~\\~gone\\~\\~ \\$(zap)'],
    ['**bold** _slanted_ snake_case 2 * 3', '\\*\\*bold\\*\\* \\_slanted\\_ snake_case 2 * 3'],
    ['# heading\n\n---\n- item', '\\# heading --- - item'],
    ['one\r\n[x]: https://evil.example', 'one \\[x\\]: https\\://evil.example'],
    ['1. item', '1\\. item'],
    ['-', '\\-'],
    ['===', '==\\='],
    ['-0.25', '-0.25'],
    ['turn \u202eit', 'turn \\\\u202eit'],
    ['NUCLEO-F446RE, tflm + cmsis-nn: 0.5 KB (at most)', 'NUCLEO-F446RE, tflm + cmsis-nn: 0.5 KB (at most)'],
  ];
  for (const [given, shown] of cases) assert.equal(markdownText(given), shown);
});

test('no text ends the code that it stands in', () => {
  assert.equal(markdownCode('a'), '`a`');
  assert.equal(markdownCode('a``b`'), '``` a``b` ```');
  assert.equal(markdownBlock('let a = 1', 'nas'), '```nas\nlet a = 1\n```');
  assert.equal(markdownBlock('"\n````\n![](x)"', 'nas'), '`````nas\n"\n````\n![](x)"\n`````');
});
