// Drives VS Code in a browser: `node vscode.mjs SCENARIO`, with its settings in the environment; prints what it saw as JSON.
import { createRequire } from "node:module";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const { PLAYWRIGHT, CHROMIUM, URL_TO_OPEN, FILE_TO_OPEN, SETTINGS, PICTURES } = process.env;
const { chromium } = createRequire(import.meta.url)(PLAYWRIGHT);
const PATIENCE = 60_000;
const seen = {};

const SQUIGGLES = ".squiggly-error, .squiggly-warning, .squiggly-info";
const PROBLEMS = ".markers-panel .monaco-list-row";
const FILES_WITH_PROBLEMS = ".markers-panel .monaco-list-row[aria-level='1']";
const EXPLORER = ".explorer-folders-view .monaco-list-row";
const STATUS_ENTRY = ".hover-language-status .element";
const CLIENT_AREA = { width: 1280, height: 800 };

const scenarios = {
  /** From the first squiggle to a server that was killed. */
  async editing(page) {
    await squiggle(page, "TL501", true);
    seen.squiggles = await page.locator(SQUIGGLES).count();
    await picture(page, "squiggles");

    await page.locator(".view-line", { hasText: "criterion(net(x), y)" }).first().locator("span", { hasText: "net" }).last().hover();
    const hover = page.locator(".monaco-hover:visible", { hasText: "softmax" }).first();
    await hover.waitFor({ timeout: PATIENCE });
    await hover.locator("h1", { hasText: "softmax-before-cross-entropy" }).waitFor({ timeout: PATIENCE });
    seen.hover = await hover.innerText();
    await picture(page, "hover");
    await page.keyboard.press("Escape");

    await page.keyboard.press("Control+Shift+M");
    await page.locator(PROBLEMS, { hasText: "TL501" }).first().waitFor({ timeout: PATIENCE });
    await page.mouse.move(700, 60);
    await page.waitForTimeout(500);
    seen.problems = await page.locator(PROBLEMS).allInnerTexts();
    seen.badge = await page.locator(".statusbar-item[id='status.problems']").first().innerText();
    await picture(page, "problems");

    await clickLine(page, "optimizer.step()");
    await page.keyboard.press("End");
    await page.keyboard.type("\n# a comment");
    await page.waitForTimeout(1500);
    seen.afterComment = await problemCodes(page);
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+End");
    await page.keyboard.type("optimizer.zero_grad()");
    await page.waitForTimeout(200);
    await page.keyboard.press("Escape");
    await problems(page, "TL302");
    seen.afterClearing = await problemCodes(page);
    await page.keyboard.press("Home");
    await page.keyboard.press("Shift+End");
    await page.keyboard.press("Delete");
    await problem(page, "TL501", true);
    seen.onDisk = readFileSync(FILE_TO_OPEN, "utf8");

    await clickLine(page, "optimizer.step()");
    await page.keyboard.press("Home");
    await page.keyboard.press("Control+.");
    const menu = page.locator(".action-widget .monaco-list-row");
    await menu.filter({ hasText: "Clear the gradients" }).first().waitFor({ timeout: PATIENCE });
    seen.offered = await menu.allInnerTexts();
    await picture(page, "fix");
    await menu.filter({ hasText: "Clear the gradients" }).first().click();
    await problems(page, "TL302");
    seen.fixed = (await page.locator(".view-line").allInnerTexts()).join("\n").replaceAll("\u00a0", " ");
    seen.afterFix = await problemCodes(page);

    let before = servers();
    for (const pid of before) process.kill(pid, "SIGKILL");
    await another("server", before);
    await clickLine(page, "for x, y in loader");
    await page.keyboard.press("End");
    await page.keyboard.type("  # after the kill");
    await problems(page, "TL302");
    await squiggle(page, "TL302", true);
    seen.afterKill = await problemCodes(page);

    before = servers();
    const host = parentOf(before[0]);
    process.kill(host, "SIGSTOP");
    await page.keyboard.type(" and while typing");
    for (const pid of before) process.kill(pid, "SIGKILL");
    process.kill(host, "SIGCONT");
    await another("server after one that was killed while it was written to", before);
    await page.keyboard.type(", again");
    await problems(page, "TL302");
    seen.afterKillInWriting = await problemCodes(page);
  },

  /** Trust that is granted while the folder is open. */
  async trust(page) {
    await page.keyboard.press("Control+Shift+M");
    await problems(page, "TL302", "TL501");
    seen.untrusted = await status(page, "python");
    const before = servers();
    await command(page, "Workspaces: Manage Workspace Trust");
    await page.locator(".workspace-trust-editor .monaco-button", { hasText: "Trust" }).first().click();
    await another("server with the interpreter of the folder", before);
    await page.keyboard.press("Control+w");
    await page.locator(".tab", { hasText: "train.py" }).click();
    await problems(page, "TL302", "TL501");
    seen.trusted = await status(page, ".venv");
  },

  /** Several folders, a file that gets another name and one that is deleted. */
  async folders(page) {
    await page.keyboard.press("Control+Shift+M");
    await problems(page, "TL302", "TL501");
    await unfold(page, "two");
    await open(page, "other.py");
    await problems(page, "TL302", "TL501", "TL302");
    seen.both = await page.locator(FILES_WITH_PROBLEMS).allInnerTexts();

    await page.locator(EXPLORER, { hasText: "train.py" }).first().click();
    await page.keyboard.press("F2");
    await page.locator(`${EXPLORER} input`).fill("renamed.py");
    await page.keyboard.press("Enter");
    await page.locator(".tab", { hasText: "renamed.py" }).first().waitFor({ timeout: PATIENCE });
    await until("the new name", async () => (await page.locator(FILES_WITH_PROBLEMS).allInnerTexts()).some((row) => row.includes("renamed.py")));
    await problems(page, "TL302", "TL501", "TL302");
    seen.renamed = await page.locator(FILES_WITH_PROBLEMS).allInnerTexts();
    await picture(page, "folders");

    rmSync(process.env.TO_DELETE);
    await problems(page, "TL302", "TL501");
    seen.deleted = await page.locator(FILES_WITH_PROBLEMS).allInnerTexts();
  },

  /** As far as the first findings. */
  async opening(page) {
    await page.locator(SQUIGGLES).first().waitFor({ timeout: PATIENCE });
    await page.keyboard.press("Control+Shift+M");
    await problem(page, "TL501", true);
    seen.codes = await problemCodes(page);
  },

  /** What a user sees of the server itself, and does with it. */
  async life(page) {
    await page.keyboard.press("Control+Shift+M");
    await problems(page, "TL302", "TL501");
    seen.ready = await status(page, "python");
    await picture(page, "status");
    let before = servers();
    await page.locator(STATUS_ENTRY, { hasText: "trainlint" }).locator("a", { hasText: "Restart" }).click();
    await another("server after the button", before);
    await problems(page, "TL302", "TL501");

    before = servers();
    await command(page, "trainlint: Restart Server");
    await another("server after the command", before);
    await until("the end of the old server", () => !servers().some((pid) => before.includes(pid)));
    await problems(page, "TL302", "TL501");

    set({ "trainlint.enable": false });
    await problems(page);
    await until("the end of the server", () => servers().length === 0);
    seen.off = await status(page, "switched off");
    set({ "trainlint.enable": true });
    await problems(page, "TL302", "TL501");

    const interpreter = settings()["trainlint.interpreter"];
    before = servers();
    set({ "trainlint.interpreter": process.env.ANOTHER });
    await another("server with another interpreter", before);
    await problems(page, "TL302", "TL501");
    seen.another = await status(page, "another");

    set({ "trainlint.interpreter": "/nowhere/python" });
    const nothing = page.locator(".notification-toast", { hasText: "no Python with trainlint" }).first();
    await nothing.waitFor({ timeout: PATIENCE });
    await problems(page);
    seen.failed = await status(page, "Set Interpreter");
    await picture(page, "failed");
    set({ "trainlint.interpreter": interpreter });
    await problems(page, "TL302", "TL501");

    for (let time = 1; time <= 5; time++) {
      before = servers();
      for (const pid of before) process.kill(pid, "SIGKILL");
      if (time < 5) await another(`server after ${time} ends`, before); // which may be killed before it is ready
    }
    const toast = page.locator(".notification-toast", { hasText: "5 times within 3 minutes" }).first();
    await toast.waitFor({ timeout: PATIENCE });
    seen.ended = await toast.innerText();
    seen.stopped = await status(page, "the server");
    await toast.locator(".monaco-button", { hasText: "Restart" }).click();
    await problems(page, "TL302", "TL501");
    seen.again = await status(page, "python");

    await command(page, "trainlint: Show Logs");
    await page.locator(".output-view-content, .pane-body .monaco-editor", { hasText: "the server has ended" }).first().waitFor({ timeout: PATIENCE });
  },

  /** Nothing to start: a message with buttons. */
  async nothing(page) {
    const toast = page.locator(".notification-toast", { hasText: "no Python with trainlint" }).first();
    await toast.waitFor({ timeout: PATIENCE });
    await picture(page, "nothing");
    seen.message = await toast.innerText();
    seen.buttons = await toast.locator(".monaco-button").allInnerTexts();
    await toast.locator(".monaco-button", { hasText: "Show Logs" }).click();
    await page.locator(".output-view-content, .pane-body .monaco-editor", { hasText: "trainlint" }).first().waitFor({ timeout: PATIENCE });
    seen.squiggles = await page.locator(SQUIGGLES).count();
  },
};

/** The processes of the server; `ps` cuts long rows short where it is told how wide the screen is, as it is by pytest-xdist. */
function servers() {
  const rows = execFileSync("ps", ["-wweo", "pid=,args="], { encoding: "utf8" }).split("\n");
  return rows.filter((row) => row.includes(process.env.EXTENSIONS) && row.includes("launch.py") && !row.includes("--version")).map((row) => Number(row.trim().split(" ")[0]));
}

/** The settings of the user, as they are, and with some of them changed. */
function settings() {
  return JSON.parse(readFileSync(SETTINGS.split(",")[0], "utf8"));
}

function set(changes) {
  const text = JSON.stringify({ ...settings(), ...changes });
  for (const file of SETTINGS.split(",")) writeFileSync(file, text);
}

/** What hovering over the braces in the status bar says about trainlint, once that says some text. */
async function status(page, text) {
  await page.mouse.move(640, 300);
  await page.locator("#status\\.languageStatus").hover();
  const entry = page.locator(STATUS_ENTRY, { hasText: "trainlint" }).filter({ hasText: text }).first();
  await entry.waitFor({ timeout: PATIENCE });
  return entry.innerText();
}

async function command(page, title) {
  await page.keyboard.press("F1");
  await page.keyboard.type(title);
  await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: title }).first().waitFor({ timeout: PATIENCE });
  await page.keyboard.press("Enter");
}

function parentOf(pid) {
  return Number(execFileSync("ps", ["-o", "ppid=", "-p", String(pid)], { encoding: "utf8" }));
}

async function until(what, condition) {
  for (const end = Date.now() + PATIENCE; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    if (await condition()) return;
  }
  throw new Error(`waited in vain for ${what}`);
}

async function another(what, before) {
  await until(`another ${what}`, () => servers().some((pid) => !before.includes(pid)));
}

/** Waits until the panel shows these problems and no other ones, as what is half typed has problems of its own. */
async function problems(page, ...codes) {
  await until(`the problems ${codes}`, async () => String((await problemCodes(page)).sort()) === String(codes.sort()));
}

async function problemCodes(page) {
  const rows = await page.locator(PROBLEMS).allInnerTexts();
  return rows.flatMap((row) => [...row.matchAll(/trainlint\n(TL\d+)\n/g)].map((match) => match[1]));
}

async function problem(page, code, there) {
  await until(`${there ? "a" : "no"} problem ${code}`, async () => (await problemCodes(page)).includes(code) === there);
}

async function squiggle(page, _code, there) {
  await until("squiggles", async () => ((await page.locator(SQUIGGLES).count()) > 0) === there);
}

async function unfold(page, name) {
  const row = page.locator(EXPLORER, { hasText: name }).first();
  if ((await row.getAttribute("aria-expanded")) !== "true") await row.click();
}

async function open(page, name) {
  await page.locator(EXPLORER, { hasText: name }).first().dblclick();
  await page.locator(".tab.active", { hasText: name }).first().waitFor({ timeout: PATIENCE });
}

async function clickLine(page, text) {
  await page.locator(".view-line", { hasText: text }).first().click();
}

async function picture(page, name) {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${name}.png` });
}

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
const page = await browser.newPage({ viewport: CLIENT_AREA });
try {
  await page.goto(URL_TO_OPEN);
  await page.locator(".monaco-editor .view-line").first().waitFor({ timeout: PATIENCE });
  await scenarios[process.argv[2]](page);
  console.log(JSON.stringify(seen));
} catch (error) {
  console.error(String(error), JSON.stringify(seen));
  await picture(page, "failed");
  process.exitCode = 1;
} finally {
  await browser.close();
}
