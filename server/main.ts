/** The language server as a process of its own: VS Code starts it over IPC, any other editor with `--stdio`. */

import { serveProcess } from './lsp/node.ts';

serveProcess();
