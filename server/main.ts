/**
 * The language server as a process of its own: VS Code starts it over IPC, any other editor with `--stdio`. It starts
 * this script again as a thread for long documents.
 */

import { isMainThread } from 'node:worker_threads';
import { serveProcess, serveThread } from './lsp/node.ts';

if (isMainThread) serveProcess();
else serveThread();
