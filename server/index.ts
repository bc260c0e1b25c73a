/** The door of the room: starting the server, and the custom requests that a client may send. */

export { serveProcess, serveStdio } from './lsp/node.ts';
export { startServer } from './lsp/server.ts';
export * from './lsp/protocol.ts';
