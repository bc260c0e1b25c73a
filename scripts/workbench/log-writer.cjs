/**
 * Takes the place of `@vscode/spdlog` in the embedded workbench, whose native part is not compiled there: without it
 * the workbench writes no log files, and every output channel stays empty. The same interface, by plain appending.
 */

const { appendFileSync, mkdirSync, renameSync, statSync } = require('node:fs');
const { dirname } = require('node:path');

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];

class Logger {
  /**
   * @param {string} _kind
   * @param {string} _name
   * @param {string} file
   * @param {number} mostBytes a file that has as many is put aside
   */
  constructor(_kind, _name, file, mostBytes) {
    this.file = file;
    this.mostBytes = mostBytes;
    this.level = 0;
    this.bare = false;
    mkdirSync(dirname(file), { recursive: true });
    this.bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  }

  write(level, text) {
    if (level < this.level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    const line = this.bare ? String(text) : `${time} [${levels[level]}] ${text}\n`;
    if (this.mostBytes > 0 && this.bytes + line.length > this.mostBytes) {
      renameSync(this.file, `${this.file}.1`);
      this.bytes = 0;
    }
    appendFileSync(this.file, line);
    this.bytes += Buffer.byteLength(line);
  }

  trace(text) {
    this.write(0, text);
  }
  debug(text) {
    this.write(1, text);
  }
  info(text) {
    this.write(2, text);
  }
  warn(text) {
    this.write(3, text);
  }
  error(text) {
    this.write(4, text);
  }
  critical(text) {
    this.write(5, text);
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  clearFormatters() {
    this.bare = true;
  }
  setPattern() {
    this.bare = false;
  }
  /** Every line is on its way to the disk when `write` returns. */
  flush() {}
  drop() {}
}

const create = (kind) => (name, file, mostBytes) => Promise.resolve(new Logger(kind, name, file, mostBytes));

// One by one, which is how the workbench, an ES module, finds the names.
exports.version = 0;
exports.setLevel = () => undefined;
exports.setFlushOn = () => undefined;
exports.Logger = Logger;
exports.createRotatingLogger = create('rotating');
exports.createAsyncRotatingLogger = create('rotating_async');
