/** How an interpreter is asked for the server, and how the server is started with it. */

import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import type { Executable } from "vscode-languageclient/node";
import { TransportKind } from "vscode-languageclient/node";
import { environment } from "./interpreters";

/** Milliseconds that an interpreter may take to say which version of trainlint it has: a cold disk is slow. */
const PATIENCE = 20_000;

const execute = promisify(execFile);

/** Starts servers by a file of the extension, in a folder of the extension: nothing of a workspace is in reach. */
export class Launcher {
  constructor(private readonly folder: string) {}

  /** The version of trainlint that an interpreter has; throws one line that says why there is none. */
  async version(interpreter: string): Promise<string> {
    try {
      const { stdout } = await execute(interpreter, [this.script, "--version"], { cwd: this.folder, env: environment(), timeout: PATIENCE });
      return stdout.trim().replace(/^trainlint-server /, "");
    } catch (error) {
      throw new Error(reason(error), { cause: error });
    }
  }

  /** What the client starts. */
  executable(interpreter: string): Executable {
    return { command: interpreter, args: [this.script], transport: TransportKind.stdio, options: { cwd: this.folder, env: environment() } };
  }

  private get script(): string {
    return path.join(this.folder, "launch.py");
  }
}

function reason(error: unknown): string {
  const { stderr, code, killed } = error as { stderr?: string; code?: number | string; killed?: boolean };
  if (killed === true) return `it did not answer within ${PATIENCE / 1000} seconds`;
  if (code === "ENOENT") return "there is no such file";
  const last = (stderr ?? "").trim().split("\n").at(-1) ?? "";
  return last === "" ? String(error) : last;
}
