/** What the status bar and messages say about the server. */

import * as vscode from "vscode";

export const SELECTOR = [
  { scheme: "file", language: "python" },
  { scheme: "untitled", language: "python" },
];

export const RESTART: vscode.Command = { command: "trainlint.restart", title: "Restart" };
export const SHOW_LOGS: vscode.Command = { command: "trainlint.showLogs", title: "Show Logs" };
export const SET_INTERPRETER: vscode.Command = {
  command: "workbench.action.openSettings",
  title: "Set Interpreter",
  arguments: ["trainlint.interpreter"],
};
const SET_ENABLE: vscode.Command = { command: "workbench.action.openSettings", title: "Open Setting", arguments: ["trainlint.enable"] };

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
    this.show("trainlint", "switched off by `trainlint.enable`", vscode.LanguageStatusSeverity.Information, SET_ENABLE);
  }

  failed(what: string, remedy: vscode.Command): void {
    this.show("trainlint", what, vscode.LanguageStatusSeverity.Error, remedy);
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

/** Says what is wrong, with a button for each thing that may help. */
export async function say(why: string, ...remedies: vscode.Command[]): Promise<void> {
  const chosen = await vscode.window.showErrorMessage(why, ...remedies.map(({ title }) => title));
  const remedy = remedies.find(({ title }) => title === chosen);
  if (remedy !== undefined) await vscode.commands.executeCommand(remedy.command, ...((remedy.arguments ?? []) as unknown[]));
}
