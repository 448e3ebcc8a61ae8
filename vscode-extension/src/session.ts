/** The running server, if there is one: started, stopped and started anew, one thing after the other. */

import * as vscode from "vscode";
import { State } from "vscode-languageclient/node";
import { Client } from "./client";
import { candidates } from "./interpreters";
import type { Launcher } from "./launch";
import { RESTART, SET_INTERPRETER, SHOW_LOGS, say, type Status } from "./status";

interface Choice {
  readonly interpreter: string;
  readonly version: string;
}

interface Running extends Choice {
  readonly client: Client;
}

const INSTALL = "Install it with `pip install 'trainlint[server]'` in the interpreter of the project, or set `trainlint.interpreter`.";

/** Milliseconds that a server may take to answer for the first time. */
const PATIENCE = 60_000;

/** How often a server may end by itself within how many milliseconds; then something is wrong that another start does not mend. */
const MOST_ENDS = 5;
const ENDS_WITHIN = 180_000;
const ENDED = "the server has ended by itself";

export class Session {
  private running: Running | undefined;
  private queue: Promise<void> = Promise.resolve();
  private waiting = false;
  private said = "";
  private ends: number[] = [];

  constructor(
    private readonly launcher: Launcher,
    private readonly log: vscode.LogOutputChannel,
    private readonly status: Status,
  ) {}

  /** Starts the server, anew if `force` is given or another interpreter is wanted now. Calls that come meanwhile make one more start. */
  renew(force: boolean): Promise<void> {
    if (this.waiting && !force) return this.queue;
    this.waiting = true;
    return this.then(() => {
      this.waiting = false;
      return this.renewNow(force);
    });
  }

  /** Stops the server, after what is under way. */
  end(): Promise<void> {
    return this.then(() => this.stop());
  }

  /** Has something done after all that is under way. */
  private then(work: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(work).catch((error: unknown) => {
      this.fail("something went wrong", String(error), SHOW_LOGS);
    });
    return this.queue;
  }

  private async renewNow(force: boolean): Promise<void> {
    if (!vscode.workspace.getConfiguration("trainlint").get<boolean>("enable", true)) {
      await this.stop();
      this.status.off();
      return;
    }
    this.status.starting();
    if (force) {
      await this.stop();
      this.said = "";
      this.ends = [];
    }
    const choice = await this.choose();
    if (choice === undefined) {
      await this.stop();
      return;
    }
    if (this.running?.interpreter === choice.interpreter && this.running.client.state === State.Running) {
      this.status.running(this.running.version, this.running.interpreter);
      return;
    }
    await this.stop();
    await this.start(choice);
  }

  private async choose(): Promise<Choice | undefined> {
    const { found, refused } = await candidates(this.log);
    for (const line of refused) this.log.info(line);
    const failures: string[] = [];
    for (const { interpreter, origin } of found) {
      try {
        const version = await this.launcher.version(interpreter);
        this.log.info(`trainlint ${version} with ${interpreter}, from ${origin}`);
        return { interpreter, version };
      } catch (error) {
        failures.push(`${interpreter} (from ${origin}): ${(error as Error).message}`);
        this.log.warn(failures.at(-1) ?? "");
      }
    }
    const only = failures.length === 1 ? `${failures.join("")}. ` : "";
    const untrusted = refused.length > 0 ? "This folder is not trusted, so its own interpreter is not used. " : "";
    this.fail("no Python with trainlint was found", only + untrusted + INSTALL, SET_INTERPRETER);
    return undefined;
  }

  private async start({ interpreter, version }: Choice): Promise<void> {
    const client = new Client(this.launcher, interpreter, this.log);
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Stopped && this.running?.client === client) this.recover(client, ENDED);
    });
    try {
      await inTime(client.start());
    } catch (error) {
      this.log.error(String(error));
      if (client.state === State.Starting) {
        this.discard(client);
        this.fail("the server does not answer", `It was started with ${interpreter}.`, RESTART);
      } else {
        this.recover(client, "the server does not start");
      }
      return;
    }
    if (client.state !== State.Running) {
      this.recover(client, ENDED);
      return;
    }
    this.running = { client, interpreter, version };
    this.said = "";
    this.status.running(version, interpreter);
  }

  /** Starts another server in the place of one that has ended by itself, unless that happens again and again. */
  private recover(ended: Client, why: string): void {
    this.running = undefined;
    this.discard(ended);
    const now = Date.now();
    this.ends = [...this.ends.filter((end) => end > now - ENDS_WITHIN), now];
    if (this.ends.length < MOST_ENDS) void this.renew(false);
    else this.fail(why, `That was ${MOST_ENDS} times within ${ENDS_WITHIN / 60_000} minutes. The log may say why.`, RESTART);
  }

  private async stop(): Promise<void> {
    const running = this.running;
    this.running = undefined;
    try {
      await running?.client.dispose();
    } catch (error) {
      this.log.warn(`the server did not stop in order: ${String(error)}`);
    }
  }

  /** Lets go of a client without a working server; one that hangs is ended. */
  private discard(client: Client): void {
    client.dispose().catch((error: unknown) => {
      this.log.debug(String(error));
    });
  }

  /** Says once what is wrong, in short in the status bar, where there is little room. */
  private fail(what: string, more: string, remedy: vscode.Command): void {
    this.status.failed(what, remedy);
    const message = `trainlint: ${what}. ${more}`;
    this.log.error(message);
    if (this.said === message) return;
    this.said = message;
    void say(message, ...new Set([remedy, SHOW_LOGS]));
  }
}

/** The result of some work, unless that takes too long. */
async function inTime(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`it did not answer within ${PATIENCE / 1000} seconds`));
    }, PATIENCE);
  });
  try {
    await Promise.race([work, end]);
  } finally {
    clearTimeout(timer);
  }
}
