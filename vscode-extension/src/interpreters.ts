/** Where a Python with trainlint may be: the setting, what the Python extensions have chosen, the PATH. */

import { realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";
import * as vscode from "vscode";

export interface Candidate {
  /** An absolute path. */
  readonly interpreter: string;
  /** Who names it, for the log. */
  readonly origin: string;
}

export interface Candidates {
  readonly found: readonly Candidate[];
  /** What was passed over, and why. */
  readonly refused: readonly string[];
}

/** The part of the API of `ms-python.python` that is used here. */
interface PythonExtension {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string; readonly id: string };
    resolveEnvironment(environment: object): Promise<{ readonly executable: { readonly uri?: vscode.Uri } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

/** The part of the API of `ms-python.vscode-python-envs` that is used here. */
interface PythonEnvironments {
  getEnvironment(scope: vscode.Uri | undefined): Promise<{ readonly execInfo?: { readonly run?: { readonly executable?: string } } } | undefined>;
  readonly onDidChangeEnvironment: vscode.Event<unknown>;
}

const PYTHON = "ms-python.python";
const ENVIRONMENTS = "ms-python.vscode-python-envs";
const NAMES = process.platform === "win32" ? ["python.exe"] : ["python3", "python"];

/** All interpreters worth a try, the most wanted first. In an untrusted folder none of those that lie in it is among them. */
export async function candidates(log: vscode.LogOutputChannel): Promise<Candidates> {
  const set = vscode.workspace.getConfiguration("trainlint").get<string>("interpreter", "").trim();
  const named: Candidate[] = [];
  if (set !== "") {
    named.push({ interpreter: resolved(set), origin: "the setting `trainlint.interpreter`" });
  } else {
    for (const [origin, ask] of [
      ["Python Environments", fromEnvironments],
      ["the Python extension", fromPythonExtension],
    ] as const) {
      try {
        const interpreter = await ask();
        if (interpreter !== undefined) named.push({ interpreter, origin });
      } catch (error) {
        log.warn(`${origin} could not be asked for the interpreter: ${String(error)}`);
      }
    }
    for (const interpreter of onPath()) named.push({ interpreter, origin: "the PATH" });
  }
  const found = new Map<string, Candidate>();
  const refused: string[] = [];
  for (const candidate of named) {
    if (!vscode.workspace.isTrusted && isInWorkspace(candidate.interpreter)) {
      refused.push(`${candidate.interpreter} (from ${candidate.origin}) lies in a folder that is not trusted`);
    } else if (!found.has(candidate.interpreter)) {
      found.set(candidate.interpreter, candidate);
    }
  }
  return { found: [...found.values()], refused };
}

/** Calls back when another interpreter is chosen in one of the Python extensions. */
export async function onInterpreterChosen(listener: () => void): Promise<vscode.Disposable> {
  const disposables: vscode.Disposable[] = [];
  const python = await exportsOf<PythonExtension>(PYTHON);
  if (python?.environments !== undefined) disposables.push(python.environments.onDidChangeActiveEnvironmentPath(listener));
  const environments = await exportsOf<PythonEnvironments>(ENVIRONMENTS);
  if (environments !== undefined) disposables.push(environments.onDidChangeEnvironment(listener));
  return vscode.Disposable.from(...disposables);
}

/** The environment variables for an interpreter: nothing in a workspace or relative to some folder is on its path. */
export function environment(): NodeJS.ProcessEnv {
  const variables: NodeJS.ProcessEnv = { ...process.env, PYTHONSAFEPATH: "1" };
  const folders = (variables.PYTHONPATH ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder) && !isInWorkspace(folder));
  if (folders.length > 0) variables.PYTHONPATH = folders.join(path.delimiter);
  else delete variables.PYTHONPATH;
  return variables;
}

async function exportsOf<T>(id: string): Promise<T | undefined> {
  const extension = vscode.extensions.getExtension<T>(id);
  if (extension === undefined) return undefined;
  return (await extension.activate());
}

async function fromPythonExtension(): Promise<string | undefined> {
  const environments = (await exportsOf<PythonExtension>(PYTHON))?.environments;
  if (environments === undefined) return undefined;
  const active = environments.getActiveEnvironmentPath(firstFolder());
  const executable = (await environments.resolveEnvironment(active))?.executable.uri?.fsPath ?? active.path;
  return path.isAbsolute(executable) ? executable : undefined;
}

async function fromEnvironments(): Promise<string | undefined> {
  const environments = await exportsOf<PythonEnvironments>(ENVIRONMENTS);
  const executable = (await environments?.getEnvironment(firstFolder()))?.execInfo?.run?.executable;
  return executable !== undefined && path.isAbsolute(executable) ? executable : undefined;
}

function onPath(): string[] {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder) && !isInWorkspace(folder));
  return folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))).filter(isFile);
}

function resolved(setting: string): string {
  const home = setting.replace(/^~(?=$|[/\\])/, homedir());
  const folder = firstFolder()?.fsPath ?? homedir();
  return path.resolve(folder, home.replaceAll("${workspaceFolder}", folder).replaceAll("${userHome}", homedir()));
}

function firstFolder(): vscode.Uri | undefined {
  return vscode.workspace.workspaceFolders?.[0]?.uri;
}

/** Whether a path leads into a folder of the workspace, by its name or through links in the folders above it. */
function isInWorkspace(file: string): boolean {
  const places = [file, path.join(real(path.dirname(file)), path.basename(file)), real(file)];
  return (vscode.workspace.workspaceFolders ?? []).some((folder) =>
    [folder.uri.fsPath, real(folder.uri.fsPath)].some((root) => places.some((place) => isBelow(place, root))),
  );
}

function isBelow(place: string, root: string): boolean {
  const way = path.relative(root, place);
  return way === "" || (!path.isAbsolute(way) && way.split(path.sep)[0] !== "..");
}

function real(place: string): string {
  try {
    return realpathSync(place);
  } catch {
    return place;
  }
}

function isFile(place: string): boolean {
  try {
    return statSync(place).isFile();
  } catch {
    return false;
  }
}
