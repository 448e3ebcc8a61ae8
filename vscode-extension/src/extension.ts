/** Starts the server, and anew whenever what it was started with changes. */

import * as path from "node:path";
import * as vscode from "vscode";
import { onInterpreterChosen } from "./interpreters";
import { Launcher } from "./launch";
import { Session } from "./session";
import { Status } from "./status";

let session: Session | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("trainlint", { log: true });
  const status = new Status();
  const current = new Session(new Launcher(path.join(context.extensionPath, "launch")), log, status);
  session = current;
  const renew = (force: boolean) => void current.renew(force);
  context.subscriptions.push(
    log,
    status,
    vscode.commands.registerCommand("trainlint.restart", () => current.renew(true)),
    vscode.commands.registerCommand("trainlint.showLogs", () => {
      log.show();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("trainlint.enable") || event.affectsConfiguration("trainlint.interpreter")) renew(false);
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      renew(false);
    }),
  );
  renew(false);
  onInterpreterChosen(() => {
    renew(false);
  }).then(
    (listening) => context.subscriptions.push(listening),
    (error: unknown) => {
      log.warn(`another interpreter will go unnoticed: ${String(error)}`);
    },
  );
}

export async function deactivate(): Promise<void> {
  await session?.end();
}
