/** What VS Code gives to a page: messages to the extension, and a state that outlives the page while it is hidden. */

interface VsCode<Message, State> {
  postMessage(message: Message): void;
  getState(): Partial<State> | undefined;
  setState(state: State): void;
}

declare function acquireVsCodeApi<Message, State>(): VsCode<Message, State>;

/** Can be asked for once on a page. The state may be of an older version of the page, so every part may be missing. */
export function acquireVsCode<Message, State>(): VsCode<Message, State> {
  return acquireVsCodeApi<Message, State>();
}
