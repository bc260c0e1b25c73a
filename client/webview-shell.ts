/** The text of a view's page: its policy, its styles, its body, its script. Pure. */

export interface ShellParts {
  readonly script: string;
  readonly styles: readonly string[];
  /** What `vscode.Webview.cspSource` gives. */
  readonly source: string;
  readonly nonce: string;
  readonly title: string;
  /** HTML of ours, without anything that came from elsewhere. */
  readonly body: string;
}

export function shellHtml({ script, styles, source, nonce, title, body }: ShellParts): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${source}; font-src ${source}`;
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
${styles.map((style) => `  <link rel="stylesheet" href="${style}">`).join('\n')}
  <title>${escapeHtml(title)}</title>
</head>
<body>
${body}
  <script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
