/** The HTML of the front view. No style or script of its own text, so that the policy can be strict. */

export interface PageParts {
  readonly script: string;
  readonly style: string;
  /** What `vscode.Webview.cspSource` gives. */
  readonly source: string;
  readonly nonce: string;
  readonly title: string;
}

export function pageHtml({ script, style, source, nonce, title }: PageParts): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${source}; font-src ${source}`;
  return `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${style}">
  <title>${escapeHtml(title)}</title>
</head>
<body>
  <header>
    <h1 id="title"></h1>
    <p id="status" role="status"></p>
    <div class="tools" role="toolbar" aria-label="What the chart shows">
      <label>Across <select id="x"></select></label>
      <label>Up <select id="y"></select></label>
      <label id="target-label">On <select id="target"></select></label>
      <label><input type="checkbox" id="all" checked> Beaten trials too</label>
      <button id="stop" type="button" hidden>Stop</button>
      <button id="resume" type="button" class="secondary" hidden>Resume</button>
    </div>
  </header>
  <main>
    <section class="chart" aria-label="Chart">
      <div class="plot">
        <canvas id="chart" tabindex="0" role="img" aria-describedby="keys"></canvas>
        <p id="empty" hidden></p>
      </div>
      <p id="keys">Arrow keys move between the trials, Enter opens one, E exports it.</p>
      <p id="spoken" class="spoken" aria-live="polite"></p>
    </section>
    <section class="trials" aria-label="Trials">
      <table>
        <caption>On the Pareto front</caption>
        <thead><tr id="head"></tr></thead>
        <tbody id="rows"></tbody>
      </table>
    </section>
  </main>
  <script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
