/** The running server, if there is one: started, stopped and started anew, one thing after the other. */

import * as vscode from "vscode";
import type { LanguageClientOptions } from "vscode-languageclient/node";
import { LanguageClient, State } from "vscode-languageclient/node";
import { candidates } from "./interpreters";
import type { Launcher } from "./launch";
import { SELECTOR, sayNothingWorks, type Status } from "./status";

interface Running {
  readonly client: LanguageClient;
  readonly interpreter: string;
}

interface Choice {
  readonly interpreter: string;
  readonly version: string;
}

const INSTALL = "Install it with `pip install 'trainlint[server]'` in the interpreter of the project, or set `trainlint.interpreter`.";

export class Session {
  private running: Running | undefined;
  private queue: Promise<void> = Promise.resolve();
  private waiting = false;
  private said = "";

  constructor(
    private readonly launcher: Launcher,
    private readonly log: vscode.LogOutputChannel,
    private readonly status: Status,
  ) {}

  /** Starts the server, anew if `force` is given or another interpreter is wanted now. Calls that come meanwhile make one more start. */
  renew(force: boolean): Promise<void> {
    if (this.waiting && !force) return this.queue;
    this.waiting = true;
    this.queue = this.queue.then(async () => {
      this.waiting = false;
      try {
        await this.renewNow(force);
      } catch (error) {
        this.status.failed(String(error));
        this.log.error(String(error));
      }
    });
    return this.queue;
  }

  /** Stops the server, after what is under way. */
  end(): Promise<void> {
    this.queue = this.queue.then(() => this.stop());
    return this.queue;
  }

  private async renewNow(force: boolean): Promise<void> {
    if (!vscode.workspace.getConfiguration("trainlint").get<boolean>("enable", true)) {
      await this.stop();
      this.status.off();
      return;
    }
    if (force) {
      await this.stop();
      this.said = "";
    }
    const choice = await this.choose();
    if (choice === undefined) {
      await this.stop();
      return;
    }
    if (this.running?.interpreter === choice.interpreter && this.running.client.state === State.Running) return;
    await this.stop();
    await this.start(choice);
  }

  private async choose(): Promise<Choice | undefined> {
    this.status.starting();
    const { found, refused } = await candidates(this.log);
    for (const line of refused) this.log.info(line);
    const failures: string[] = [];
    for (const { interpreter, origin } of found) {
      try {
        const version = await this.launcher.version(interpreter);
        this.log.info(`trainlint ${version} with ${interpreter}, from ${origin}`);
        this.status.running(version, interpreter);
        return { interpreter, version };
      } catch (error) {
        failures.push(`${interpreter} (from ${origin}): ${(error as Error).message}`);
        this.log.warn(failures.at(-1) ?? "");
      }
    }
    const only = failures.length === 1 ? ` ${failures.join("")}.` : "";
    const untrusted = refused.length > 0 ? " This folder is not trusted, so its own interpreter is not used." : "";
    this.fail(`trainlint: no Python with trainlint was found.${only}${untrusted} ${INSTALL}`);
    return undefined;
  }

  private async start({ interpreter, version }: Choice): Promise<void> {
    const options: LanguageClientOptions = {
      documentSelector: SELECTOR,
      outputChannel: this.log,
      diagnosticPullOptions: { onChange: true, onTabs: true },
    };
    const client = new LanguageClient("trainlint", "trainlint", this.launcher.executable(interpreter), options);
    client.onDidChangeState(({ newState }) => {
      if (this.running?.client !== client) return;
      if (newState === State.Running) this.status.running(version, interpreter);
      else if (newState === State.Stopped) this.status.failed("the server has stopped");
      else this.status.starting();
    });
    this.running = { client, interpreter };
    try {
      await client.start();
    } catch (error) {
      this.running = undefined;
      this.fail(`trainlint: the server does not start with ${interpreter}: ${String(error)}`);
    }
  }

  private async stop(): Promise<void> {
    const running = this.running;
    this.running = undefined;
    if (running?.client.needsStop() !== true) return;
    try {
      await running.client.dispose();
    } catch (error) {
      this.log.warn(`the server did not stop in order: ${String(error)}`);
    }
  }

  /** Says once what is wrong. */
  private fail(why: string): void {
    this.status.failed(why);
    this.log.error(why);
    if (this.said === why) return;
    this.said = why;
    void sayNothingWorks(why);
  }
}
