/** The body of the Cost View's page; `client/webview/cost` fills it. */

export const costBody = `  <header>
    <h1 id="title"></h1>
    <p id="status" role="status"></p>
    <div class="tools" role="toolbar" aria-label="What is priced">
      <label>Board <select id="board"></select></label>
      <label>Runtime <select id="runtime"></select></label>
      <label id="architecture-label" hidden>Architecture <select id="architecture"></select></label>
      <label id="graph-label" hidden>Graph <select id="graph"></select></label>
      <button id="report" type="button" class="secondary">Save Report…</button>
    </div>
  </header>
  <main id="content" hidden>
    <dl id="totals" aria-label="Totals"></dl>
    <p id="placement"></p>
    <ul id="problems" aria-label="What is odd about the file" hidden></ul>
    <section class="memory" aria-labelledby="memory-title">
      <h2 id="memory-title">Memory over the inference</h2>
      <p id="called" hidden></p>
      <p id="peak"></p>
      <p id="patches" hidden></p>
      <div id="chart"></div>
      <p id="alive" role="status"></p>
    </section>
    <section class="layers" aria-labelledby="layers-title">
      <h2 id="layers-title">Layers</h2>
      <p id="keys">Arrow keys move between the layers, Enter goes to a layer's line where it has one. A heading sorts.</p>
      <div class="scroll">
        <table aria-labelledby="layers-title" aria-describedby="keys">
          <thead><tr id="head"></tr></thead>
          <tbody id="rows"></tbody>
        </table>
      </div>
    </section>
    <section aria-labelledby="assumed-title">
      <h2 id="assumed-title">What is assumed</h2>
      <ul id="assumptions"></ul>
    </section>
  </main>`;
