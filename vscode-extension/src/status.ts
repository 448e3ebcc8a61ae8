/** What the status bar and messages say about the server. */

import * as vscode from "vscode";

export const SELECTOR = [
  { scheme: "file", language: "python" },
  { scheme: "untitled", language: "python" },
];

/** The entry that VS Code shows beside the language of a Python file. */
export class Status implements vscode.Disposable {
  private readonly item = vscode.languages.createLanguageStatusItem("trainlint", SELECTOR);

  constructor() {
    this.item.name = "trainlint";
    this.starting();
  }

  starting(): void {
    this.show("trainlint", "starting", vscode.LanguageStatusSeverity.Information);
    this.item.busy = true;
  }

  running(version: string, interpreter: string): void {
    this.show(`trainlint ${version}`, interpreter, vscode.LanguageStatusSeverity.Information, RESTART);
  }

  off(): void {
    this.show("trainlint", "switched off by `trainlint.enable`", vscode.LanguageStatusSeverity.Information);
  }

  failed(why: string): void {
    this.show("trainlint", why, vscode.LanguageStatusSeverity.Error, LOGS);
  }

  private show(text: string, detail: string, severity: vscode.LanguageStatusSeverity, command?: vscode.Command): void {
    this.item.busy = false;
    this.item.text = text;
    this.item.detail = detail;
    this.item.severity = severity;
    this.item.command = command;
  }

  dispose(): void {
    this.item.dispose();
  }
}

const RESTART: vscode.Command = { command: "trainlint.restart", title: "Restart" };
const LOGS: vscode.Command = { command: "trainlint.showLogs", title: "Show Logs" };

/** Says, with buttons, that there is no server. */
export async function sayNothingWorks(why: string): Promise<void> {
  const set = "Set Interpreter";
  const logs = "Show Logs";
  const chosen = await vscode.window.showErrorMessage(why, set, logs);
  if (chosen === set) await vscode.commands.executeCommand("workbench.action.openSettings", "trainlint.interpreter");
  if (chosen === logs) await vscode.commands.executeCommand("trainlint.showLogs");
}
