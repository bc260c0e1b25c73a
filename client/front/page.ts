/** The body of the front view's page; `client/webview/front` fills it. */

export const frontBody = `  <header>
    <h1 id="title"></h1>
    <p id="status" role="status">Reading the run…</p>
    <div class="tools" role="toolbar" aria-label="What the chart shows">
      <label>Across <select id="x"></select></label>
      <label>Up <select id="y"></select></label>
      <label id="target-label" hidden>On <select id="target"></select></label>
      <label><input type="checkbox" id="trained"> Fully trained only</label>
      <label><input type="checkbox" id="all" checked> Trials off the front too</label>
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
      <p id="undrawn"></p>
      <p id="chosen" aria-live="polite"></p>
      <p id="keys">Arrow keys move between the trials, Enter opens one, E exports it.</p>
    </section>
    <section class="trials" aria-label="Trials">
      <table>
        <caption id="caption">On the Pareto front</caption>
        <thead><tr id="head"></tr></thead>
        <tbody id="rows"></tbody>
      </table>
    </section>
  </main>`;
