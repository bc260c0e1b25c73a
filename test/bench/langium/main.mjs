// The server of the peer: everything Langium gives for a grammar, over standard input and output.
import { EmptyFileSystem, inject } from 'langium';
import { createDefaultModule, createDefaultSharedModule, startLanguageServer } from 'langium/lsp';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { NasGeneratedModule, NasGeneratedSharedModule } from './generated/module.js';

const connection = createConnection(ProposedFeatures.all);
const shared = inject(
  createDefaultSharedModule({ connection, ...EmptyFileSystem }),
  NasGeneratedSharedModule,
);
const services = inject(createDefaultModule({ shared }), NasGeneratedModule);
shared.ServiceRegistry.register(services);
startLanguageServer(shared);
