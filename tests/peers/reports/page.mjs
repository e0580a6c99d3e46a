// usage: node page.mjs FILE.html [CHROMIUM]
// Opens a page that `-o html=FILE` wrote in Chromium (/usr/bin/chromium unless one is named) as people
// do: light, dark, small, on paper, by keyboard, without JavaScript, without storage. Prints one line of
// JSON with what it saw; ends with 1 and the words of each failure if something is wrong.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [file, executablePath = "/usr/bin/chromium"] = process.argv.slice(2);
if (!file) {
  console.error("usage: node page.mjs FILE.html [CHROMIUM]");
  process.exit(2);
}
const url = pathToFileURL(resolve(file)).href;
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const limits = { first_paint: 1000, filter: 100 };
const seen = { file, console: [], csp: [], requests: [], axe: {}, ms: {}, findings: 0, failures: [] };
const check = (is_good, words) => {
  if (!is_good) seen.failures.push(words);
};

const browser = await puppeteer.launch({
  executablePath,
  headless: true,
  args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});

const paint_of = async (page) => {
  await page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint")[0]);
  const [painted, ready] = await page.evaluate(() => [
    performance.getEntriesByName("first-contentful-paint")[0].startTime,
    performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd,
  ]);
  seen.ms.first_paint = Math.min(seen.ms.first_paint ?? Infinity, painted);
  seen.ms.ready = Math.min(seen.ms.ready ?? Infinity, ready);
};

// A page that has told everything it complained about.
const open = async ({ scheme = "light", width = 1280, script = true, before } = {}) => {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.on("console", (message) => seen.console.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => seen.console.push(`error: ${error.message}`));
  page.on("request", (request) => request.url() === url || seen.requests.push(request.url()));
  await page.exposeFunction("violated", (what) => seen.csp.push(what));
  await page.evaluateOnNewDocument(() => {
    addEventListener("securitypolicyviolation", (event) =>
      violated(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  if (before) await page.evaluateOnNewDocument(before);
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setJavaScriptEnabled(script);
  await page.goto(url, { waitUntil: "load", timeout: 120_000 });
  if (script) await paint_of(page);
  return page;
};
const shown_rows = (page) =>
  page.$$eval("#list tr.f", (rows) => rows.filter((row) => row.checkVisibility()).length);
const count_of = (page) => page.$eval("#count", (count) => count.textContent);

// Milliseconds until the frame after the action is on the screen. Of several tries the best counts:
// the others measure what else the machine does.
const timed = (page, action, argument) =>
  page.evaluate(`(async () => {
    const from = performance.now();
    (${action})(${JSON.stringify(argument)});
    await new Promise((done) =>
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = done;
        channel.port2.postMessage(0);
      }));
    return performance.now() - from;
  })()`);
const search_for = (text) => {
  const q = document.getElementById("q");
  q.value = text;
  q.dispatchEvent(new Event("input", { bubbles: true }));
};
const choose = ([id, value]) => {
  document.getElementById(id).value = value;
  document.getElementById(id).dispatchEvent(new Event("change", { bubbles: true }));
};
const sort_by = (column) => document.querySelectorAll("#list thead th button")[column].click();

// Nothing of the report became markup: elements and attributes are those of ours, links go nowhere
// but to https.
const markup = (page) =>
  page.evaluate(() => {
    const elements = new Set((
      "html head meta title style script body a header strong nav button main section h1 h2 h3 span p " +
      "code b ul ol li dl div dt dd time small mark em i svg rect table caption thead tbody tr th td " +
      "details summary label input fieldset legend select option pre br footer").split(" "));
    const attributes = new Set((
      "lang data-verdict data-theme charset http-equiv content name class href id type hidden " +
      "aria-label aria-labelledby aria-hidden aria-sort role tabindex target rel datetime data-a data-s " +
      "data-f data-l data-p data-n data-b data-g data-h data-q viewBox preserveAspectRatio width height scope " +
      "colspan value checked disabled autocomplete spellcheck placeholder open").split(" "));
    const strange = new Set();
    for (const element of document.querySelectorAll("*")) {
      if (!elements.has(element.localName)) strange.add(`<${element.localName}>`);
      for (const { name } of element.attributes)
        if (!attributes.has(name)) strange.add(`${element.localName} ${name}`);
      const href = element.getAttribute("href");
      if (href === null || /^#[a-z-]+$/.test(href)) continue;
      if (!href.startsWith("https://") || !element.rel.includes("noopener"))
        strange.add(`href ${href}`);
    }
    if (document.scripts.length !== 1) strange.add(`${document.scripts.length} scripts`);
    return [...strange];
  });

const accessible = async (page, name) => {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ["violations"] }));
  seen.axe[name] = violations.map((one) => `${one.impact} ${one.id} (${one.nodes.length})`);
  for (const one of violations)
    if (one.impact === "serious" || one.impact === "critical")
      check(false, `axe, ${name}: ${one.id}: ${one.nodes[0].target}: ${one.nodes[0].failureSummary}`);
};

const searches = async (page) => {
  const total = await count_of(page);
  seen.findings = Number(total.split(" ")[0]);
  const id = await page.$eval("#list tr.f th", (cell) => cell.firstChild.textContent.trim());
  await timed(page, search_for, id);
  check(
    await page.$$eval("#list tr.f", (rows, id) =>
      rows.length > 0 && rows.every((row) => row.textContent.includes(id)), id),
    `search: not every line shown holds ${id}`);
  await timed(page, search_for, "no such thing at all");
  check((await shown_rows(page)) === 0, "search: lines are shown for a text that is nowhere");
  check((await count_of(page)).startsWith("0 of "), "search: the count does not say 0");
  check(
    (await page.$eval("#count", (count) => count.getAttribute("role"))) === "status",
    "the count is no live region");
  const asks = [[search_for, "lib"], [search_for, ""], [choose, ["f", "1"]], [choose, ["f", ""]]];
  const best = asks.map(() => Infinity);
  for (let round = 0; round < 5; ++round)
    for (const [i, [action, argument]] of asks.entries())
      best[i] = Math.min(best[i], await timed(page, action, argument));
  seen.ms.filter = Math.max(...best);
  check(seen.ms.filter <= limits.filter, `a filter took ${seen.ms.filter} ms`);
  check((await count_of(page)) === total, "clearing the search does not show everything again");
};

const filters = async (page) => {
  const attributes = { a: "data-a", f: "data-f", l: "data-l", p: "data-p", n: "data-n" };
  for (const id of Object.keys(attributes)) {
    const values = await page.$$eval(`#${id} option`, (options) => options.map((one) => one.value));
    for (const value of values.filter((one) => one && one !== "base" && one !== "own").slice(0, 6)) {
      await timed(page, choose, [id, value]);
      const is_right = await page.$$eval("#list tr.f", (rows, name, value) =>
        rows.every((row) => row.getAttribute(name).trim().split(" ").includes(value)),
        attributes[id], value);
      check(is_right, `filter ${id}=${value} shows other lines`);
    }
    if (values.length) await timed(page, choose, [id, ""]);
  }
  const chip = await page.$(".chip");
  const severity = await chip.evaluate((one) => one.dataset.s);
  await chip.click();
  check(
    await page.$$eval("#list tr.f", (rows, severity) =>
      rows.length > 0 && rows.every((row) => row.dataset.s === severity), severity),
    `filter severity ${severity} shows other lines`);
  await page.click("#reset");
  check((await page.evaluate(() => document.activeElement.id)) === "q", "reset loses the focus");
};

const sorts = async (page) => {
  await page.click("#grouped");
  const columns = (await page.$$("#list thead th button")).length;
  check(columns >= 6, `${columns} columns can be sorted`);
  for (let column = 0; column < columns; ++column) {
    for (const _ of ["one way", "the other"])
      seen.ms.sort = Math.max(seen.ms.sort ?? 0, await timed(page, sort_by, column));
    const sorted = await page.$$eval("#list thead th", (cells) =>
      cells.map((cell) => cell.getAttribute("aria-sort")));
    check(
      sorted.filter(Boolean).length === 1 && /^(asc|desc)ending$/.test(sorted[column]),
      `aria-sort of column ${column}: ${sorted}`);
  }
  await timed(page, sort_by, 0);
  const severities = await page.$$eval("#list tr.f", (rows) => rows.map((row) => row.dataset.s));
  check(
    severities.every((one, i) => i === 0 || severities[i - 1] >= one),
    "sorted by severity, a worse one follows");
  await page.click("#grouped");
};

const keyboard = async () => {
  const page = await open();
  const focused = () =>
    page.evaluate(() => {
      const now = document.activeElement;
      const look = getComputedStyle(now);
      return { what: now.id || now.className || now.localName,
               is_visible: look.outlineStyle !== "none" || now.matches(".skip, .chip input, h2") };
    });
  await page.keyboard.press("Tab");
  check((await focused()).what === "skip", "the first stop is not the skip link");
  await page.keyboard.press("Enter");
  check((await focused()).what === "findings-title", "the skip link does not reach the findings");
  await page.keyboard.press("Tab");
  check((await focused()).what === "q", "the search does not follow the skip link");
  await page.keyboard.type("a");
  await page.keyboard.press("Backspace");
  for (let i = 0; i < 60 && (await focused()).what !== "summary"; ++i) {
    await page.keyboard.press("Tab");
    const now = await focused();
    check(now.is_visible, `no focus is to be seen on ${now.what}`);
  }
  await page.keyboard.press("Enter");
  check(
    await page.evaluate(() => document.activeElement.parentElement.open === true &&
      document.activeElement.nextElementSibling.checkVisibility()),
    "Enter does not open the details of a finding");
  await page.close();
};

const without_script = async () => {
  const page = await open({ script: false });
  const [all, shown, tools, opens] = await page.evaluate(() => {
    const rows = Array.from(document.querySelectorAll("#list tr.f"));
    const details = rows.length ? rows[0].querySelector("details") : null;
    return [rows.length, rows.filter((row) => row.checkVisibility()).length,
            ["tools", "buttons", "more", "theme"].some((id) => document.getElementById(id)?.checkVisibility()),
            details === null || details.querySelector("summary").checkVisibility()];
  });
  check(shown === all, `without JavaScript ${shown} of ${all} lines are shown`);
  check(!tools, "without JavaScript there are controls that do nothing");
  check(opens, "without JavaScript the details cannot be opened");
  if (all > 0) {
    await page.click("#list tr.f summary");
    check(await page.$eval("#list tr.f details", (one) => one.open), "details need JavaScript");
  }
  await page.close();
  return all;
};

const on_paper = async (page, rows) => {
  await page.emulateMediaType("print");
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  check((await shown_rows(page)) === rows, "not every line is printed");
  check(
    await page.evaluate(() => !["tools", "buttons", "theme"].some((id) =>
      document.getElementById(id)?.checkVisibility())),
    "controls are printed");
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  if (rows <= 2000) check((await page.pdf({ format: "A4" })).length > 5000, "the PDF is empty");
  await page.emulateMediaType("screen");
};

const without_storage = async () => {
  const page = await open({
    before: () => Object.defineProperty(window, "localStorage", {
      get() { throw new DOMException("denied", "SecurityError"); },
    }),
  });
  const colour = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const before = await colour();
  await page.click("#theme");
  check((await colour()) !== before, "without storage the theme cannot be changed");
  await page.close();
};

// Green means that something passed.
const greens = (page) =>
  page.evaluate(() => {
    const is_green = (colour) => {
      const [r, g, b] = (colour.match(/[\d.]+/g) || []).map(Number);
      return g > r + 30 && g > b + 30;
    };
    return Array.from(document.querySelectorAll("body *"))
      .filter((one) => {
        const look = getComputedStyle(one);
        return [look.color, look.backgroundColor, look.borderLeftColor, look.fill].some(is_green);
      })
      .map((one) => one.className || one.localName);
  });

try {
  const rows = await without_script();
  const page = await open();
  for (const one of await markup(page)) check(false, `markup that is not ours: ${one}`);
  if (rows > 0) {
    await searches(page);
    await filters(page);
    await sorts(page);
    await page.click("#list tr.f summary");
    await keyboard();
  }
  await accessible(page, "light");
  await on_paper(page, rows);
  await page.close();
  await without_storage();
  const dark = await open({ scheme: "dark" });
  if (rows > 0) await dark.click("#list tr.f summary");
  await accessible(dark, "dark");
  if (await dark.$("html[data-verdict=undecided]"))
    for (const one of await greens(dark)) check(false, `undecided, and yet green: ${one}`);
  await dark.close();
  const small = await open({ width: 390 });
  const [width, wide] = await small.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
  check(wide <= width, `at ${width} pixels the page is ${wide} wide`);
  await small.close();
  check(seen.ms.first_paint <= limits.first_paint, `the first paint took ${seen.ms.first_paint} ms`);
} catch (error) {
  check(false, String(error.stack));
} finally {
  await browser.close();
}
for (const words of seen.console) check(false, `console: ${words}`);
for (const words of seen.csp) check(false, `content security policy: ${words}`);
for (const words of seen.requests) check(false, `it asked for ${words}`);
for (const name of Object.keys(seen.ms)) seen.ms[name] = Math.round(seen.ms[name] * 10) / 10;
console.log(JSON.stringify(seen));
for (const words of seen.failures) console.error(words);
process.exitCode = seen.failures.length ? 1 : 0;
