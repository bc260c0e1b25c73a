/** The HTML around every view of ours. No style or script of its own text, so that the policy can be strict. */

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { shellHtml } from './webview-shell.ts';

/** Where the build puts scripts and styles of the views. */
function folderOf(extension: vscode.ExtensionContext): vscode.Uri {
  return vscode.Uri.joinPath(extension.extensionUri, 'dist/webview');
}

/** Makes a panel a view of ours: `name.js` and `name.css` on a page with this body. */
export function openPage(
  webview: vscode.Webview,
  extension: vscode.ExtensionContext,
  page: { readonly name: 'front' | 'cost'; readonly title: string; readonly body: string },
): void {
  const folder = folderOf(extension);
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  const resource = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  webview.html = shellHtml({
    script: resource(`${page.name}.js`),
    styles: [resource('shared.css'), resource(`${page.name}.css`)],
    source: webview.cspSource,
    nonce: randomBytes(16).toString('base64url'),
    title: page.title,
    body: page.body,
  });
}
