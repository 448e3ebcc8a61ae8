// Opens pages in a browser: `node report_in_browser.mjs PAGE …`; prints what it saw in each, on paper of three kinds, as JSON.
import { createRequire } from "node:module";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

const { PLAYWRIGHT, CHROMIUM, PICTURES } = process.env;
const { chromium } = createRequire(import.meta.url)(PLAYWRIGHT);
const KINDS = {
  light: { viewport: { width: 1200, height: 900 }, colorScheme: "light" },
  dark: { viewport: { width: 1200, height: 900 }, colorScheme: "dark" },
  narrow: { viewport: { width: 360, height: 740 }, colorScheme: "light" },
};

/** What a reader would see of the page, and what would spoil it. */
function look() {
  const shown = (element) => element.getClientRects().length > 0;
  const luminance = (colour) => {
    const parts = colour.match(/[\d.]+/g).slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (!/, 0\)$|transparent/.test(colour)) return luminance(colour);
    }
    return 1;
  };
  const contrast = (element, colour) => {
    const [dark, light] = [luminance(colour), ground(element)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const charts = [...document.querySelectorAll("svg.chart")].filter(shown);
  const faint = [], cut = [];
  for (const text of charts.flatMap((chart) => [...chart.querySelectorAll("text")]).filter((text) => text.textContent.trim())) {
    const box = text.getBoundingClientRect(), chart = text.closest("svg").getBoundingClientRect();
    if (box.left < chart.left - 1 || box.right > chart.right + 1 || box.top < chart.top - 1 || box.bottom > chart.bottom + 1) cut.push(text.textContent);
    if (contrast(text.closest("svg").parentElement, getComputedStyle(text).fill) < 4.5) faint.push(text.textContent);
  }
  for (const element of document.querySelectorAll("h1, h2, h3, h4, p, dt, dd, summary, figcaption, a, li, code, mark, footer")) {
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    if (shown(element) && own && contrast(element, getComputedStyle(element).color) < 4.5) faint.push(element.textContent.trim());
  }
  const marks = ".mark-line path, .mark-symbol path, .mark-rect path";
  return {
    ground: getComputedStyle(document.body).backgroundColor,
    wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    charts: charts.length,
    empty: charts.filter((chart) => ![...chart.querySelectorAll(marks)].some((mark) => mark.getBoundingClientRect().width > 0)).length,
    headings: [...document.querySelectorAll("h1, h2, h3, h4")].map((heading) => Number(heading.tagName[1])),
    cut,
    faint,
  };
}

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
const seen = {};
for (const file of process.argv.slice(2)) {
  const name = basename(file, ".html");
  seen[name] = {};
  for (const [kind, paper] of Object.entries(KINDS)) {
    const page = await browser.newPage(paper);
    const said = [], asked = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    page.on("request", (request) => asked.push(request.url()));
    const url = pathToFileURL(file).href;
    await page.goto(url);
    seen[name][kind] = { ...(await page.evaluate(look)), said, asked: asked.filter((one) => one !== url) };
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}-${kind}.png`, fullPage: true });
    await page.close();
  }
}
await browser.close();
console.log(JSON.stringify(seen));
