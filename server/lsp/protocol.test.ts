/** `docs/protocol.md` and `protocol.ts` say the same. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { defaultSettings } from '../analysis/settings.ts';
import { commands, spaceInfoMethod } from './protocol.ts';

const document = readFileSync(path.resolve(import.meta.dirname, '../../docs/protocol.md'), 'utf8');

/** Fields of every exported interface, by its name. */
function declared(): Map<string, string[]> {
  const file = path.resolve(import.meta.dirname, 'protocol.ts');
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
  const found = new Map<string, string[]>();
  source.forEachChild((node) => {
    if (!ts.isInterfaceDeclaration(node)) return;
    found.set(
      node.name.text,
      node.members.map((member) => (member.name === undefined ? '' : member.name.getText(source))),
    );
  });
  return found;
}

/** First column of the table under each `###` heading. */
function documented(): Map<string, string[]> {
  const sections = document.split(/^### /m).slice(1);
  return new Map(
    sections.map((section) => {
      const rows = [...section.matchAll(/^\| `(\w+)`/gm)].map((row) => row[1] ?? '');
      return [section.slice(0, section.indexOf('\n')).trim(), rows];
    }),
  );
}

test('every type of the protocol is documented, field by field', () => {
  assert.deepEqual(Object.fromEntries(documented()), Object.fromEntries(declared()));
});

test('the request, the commands and the settings are documented', () => {
  assert.ok(document.includes(`## Request \`${spaceInfoMethod}\``));
  for (const command of Object.values(commands)) assert.ok(document.includes(`\`${command}\``), command);
  for (const setting of ['profiles', 'codeLens.enabled', 'diagnostics.slowPath']) {
    assert.ok(document.includes(`\`${setting}\``), setting);
  }
  for (const kind of Object.keys(defaultSettings.inlayHints)) {
    assert.ok(document.includes(`\`inlayHints.${kind}\``), kind);
  }
});
