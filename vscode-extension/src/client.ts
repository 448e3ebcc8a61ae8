/** The connection to one server. It ends when the server does; what comes then is the session's to decide. */

import type { ErrorHandler, LanguageClientOptions } from "vscode-languageclient/node";
import { CloseAction, ErrorAction, LanguageClient } from "vscode-languageclient/node";
import type * as vscode from "vscode";
import type { Launcher } from "./launch";
import { SELECTOR } from "./status";

/**
 * The handler of the library restarts a server that has closed its streams, and stops the client for good where a write fails first:
 * which of the two is noticed first, when a server dies while somebody types, is chance.
 */
const ENDS: ErrorHandler = {
  error: () => ({ action: ErrorAction.Shutdown, message: "the connection to the server is broken", handled: true }),
  closed: () => ({ action: CloseAction.DoNotRestart, message: "the server has ended", handled: true }),
};

export class Client extends LanguageClient {
  constructor(launcher: Launcher, interpreter: string, log: vscode.LogOutputChannel) {
    const options: LanguageClientOptions = {
      documentSelector: SELECTOR,
      outputChannel: log,
      diagnosticPullOptions: { onChange: true, onTabs: true },
      errorHandler: ENDS,
      initializationFailedHandler: () => false,
    };
    super("trainlint", "trainlint", launcher.executable(interpreter), options);
  }

  /** Goes to the log alone: the session tells the user once what is wrong, and what to do. */
  override error(message: string, data?: unknown): void {
    super.error(data instanceof Error ? `${message}: ${data.message}` : message, data instanceof Error ? undefined : data, false);
  }
}
