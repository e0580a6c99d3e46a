R"js(
// Without this script the page shows everything; with it, what is asked for. Text of the report is
// only ever moved as text: nothing here makes markup.
"use strict";
(() => {
  const root = document.documentElement;
  const rowsPerStep = 150; // what a browser lays out without a pause
  const rowsOfPackage = 12; // of a package that has many more, until it is asked for
  const by = (id) => document.getElementById(id);
  const make = (name, text, className) => {
    const element = document.createElement(name);
    element.textContent = text;
    if (className) element.className = className;
    return element;
  };

  // Storage may be forbidden (sandboxed frames, file URLs): then a choice lasts as long as the page.
  const remembered = (theme) => {
    try {
      if (theme) localStorage.setItem("clairgate-theme", theme);
      return localStorage.getItem("clairgate-theme");
    } catch {
      return null;
    }
  };
  const startTheme = () => {
    const button = by("theme");
    const system = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
    const tell = () => (button.textContent = isDark() ? "Light theme" : "Dark theme");
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      remembered(root.dataset.theme);
      tell();
    });
    system.addEventListener("change", tell);
    tell();
    button.hidden = false;
  };

  // "CVE-2024-0099" before "CVE-2024-0100", "1.9" before "1.10".
  const sortable = (text) =>
    text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(10, "0"));
  const ranks = { block: 4, warn: 3, waived: 2, allow: 1, none: 0 };
  const keys = [
    (row) => row.severity * 100 + row.score,
    (row) => sortable(row.tr.children[1].textContent),
    (row) => sortable(row.group.name + " " + row.tr.children[2].textContent),
    (row) => sortable(row.tr.children[3].textContent),
    (row) => (row.fix === "1" ? sortable(row.tr.children[4].textContent) : "~"),
    (row) => ranks[row.action],
    (row) => row.tr.children[6].textContent,
  ];
  const isHighFirst = (column) => column === 0 || column === 5;

  const readRow = (tr, group, place) => {
    const words = (name) => (tr.getAttribute(name) || "").split(" ").filter(Boolean);
    const score = tr.children[0].querySelector("small");
    return {
      tr,
      group,
      place,
      severity: Number(tr.getAttribute("data-s")),
      score: score ? Number(score.textContent) : 0,
      action: tr.getAttribute("data-a"),
      fix: tr.getAttribute("data-f"),
      base: tr.getAttribute("data-b"),
      isNew: tr.getAttribute("data-n"),
      layers: words("data-l"),
      platforms: words("data-p"),
    };
  };

  // What a search looks through: what the line shows, and the prose behind it.
  const textOf = (row) => {
    if (row.text !== undefined) return row.text;
    const cells = Array.from(row.tr.children, (cell) =>
      cell.className === "m" ? "" : cell.textContent.toLowerCase());
    const prose = Array.from(row.tr.querySelectorAll(".t"), (one) => one.textContent.toLowerCase());
    row.names = [row.group.name.toLowerCase(), cells[1], cells[2]];
    row.text = [row.names[0], ...cells, ...prose].join("\n");
    return row.text;
  };

  const start = () => {
    startTheme();
    const table = by("list");
    if (!table) return;
    const head = table.tHead;
    const groups = [];
    const rows = [];
    for (const body of table.tBodies) {
      const heading = body.querySelector(".g");
      const lines = heading ? Array.from(body.rows).slice(1) : Array.from(body.rows);
      const group = { body, heading, isOpen: false, place: groups.length, rows: [], name: "" };
      group.name = body.getAttribute("data-g");
      groups.push(group);
      for (const tr of lines) group.rows.push(readRow(tr, group, rows.push(null) - 1));
      for (const row of group.rows) rows[row.place] = row;
    }
    const flat = make("tbody", "");
    const state = { sort: -1, isDown: false, limit: rowsPerStep };
    const selects = ["a", "f", "l", "p", "n"].filter(by);
    const boxes = Array.from(document.getElementsByName("s"));
    const countOf = (list) => {
      const platform = by("p") && by("p").value;
      let count = 0;
      for (const row of list) count += platform ? 1 : row.platforms.length || 1;
      return count;
    };
    const total = countOf(rows);

    const wanted = () => {
      const ask = Object.fromEntries(selects.map((id) => [id, by(id).value]));
      const severities = new Set(boxes.filter((box) => box.checked).map((box) => Number(box.value)));
      const exact = [];
      const terms = by("q").value.toLowerCase()
        .replace(/"([^"]+)"/g, (_, name) => (exact.push(name), " "))
        .split(/\s+/).filter(Boolean);
      const isOfLayer = (row) =>
        ask.l === "base" || ask.l === "own" ? row.base === ask.l : row.layers.includes(ask.l);
      const isNamed = (row, name) => textOf(row) && row.names.includes(name);
      return rows.filter((row) =>
        (severities.size === 0 || severities.has(row.severity)) &&
        (!ask.a || row.action === ask.a) &&
        (!ask.f || row.fix === ask.f) &&
        (!ask.l || isOfLayer(row)) &&
        (!ask.p || row.platforms.includes(ask.p)) &&
        (!ask.n || row.isNew === ask.n) &&
        exact.every((name) => isNamed(row, name)) &&
        terms.every((term) => textOf(row).includes(term)));
    };

    const sorted = (list) => {
      if (state.sort < 0) return list;
      const key = keys[state.sort];
      for (const row of list) row.key = key(row);
      const way = state.isDown ? -1 : 1;
      return list.sort((a, b) =>
        a.key < b.key ? -way : a.key > b.key ? way : a.place - b.place);
    };

    // A package with very many findings shows its first ones, and says what the others are.
    const moreOf = (group, rest) => {
      const blocking = rest.filter((row) => row.action === "block").length;
      const tr = make("tr", "", "more");
      const cell = tr.appendChild(make("th", ""));
      cell.colSpan = 8;
      const button = cell.appendChild(make("button", ""));
      button.type = "button";
      button.textContent =
        `${rest.length} more of ${group.name}` + (blocking ? ` (${blocking} block)` : "");
      button.addEventListener("click", () => {
        group.isOpen = true;
        draw();
        rest[0].tr.querySelector("summary").focus();
      });
      return tr;
    };

    const bodiesOf = (list) => {
      const found = new Map();
      for (const row of list) {
        const mine = found.get(row.group);
        if (mine) mine.push(row);
        else found.set(row.group, [row]);
      }
      const bodies = [];
      let left = state.limit;
      for (const [group, mine] of found) {
        if (left <= 0) break;
        const isLong = !group.isOpen && mine.length > rowsOfPackage + 3;
        const most = isLong ? rowsOfPackage : Math.max(left, rowsOfPackage);
        const shown = mine.slice(0, most);
        const trs = shown.map((row) => row.tr);
        if (group.heading) trs.unshift(group.heading);
        if (shown.length < mine.length) trs.push(moreOf(group, mine.slice(shown.length)));
        group.body.replaceChildren(...trs);
        bodies.push(group.body);
        left -= shown.length;
        if (bodies.length < found.size && left <= 0) state.isCut = true;
      }
      return bodies;
    };

    // A filter that every row passes is one all the same.
    const isAsked = () =>
      by("q").value || selects.some((id) => by(id).value) || boxes.some((box) => box.checked);

    const draw = () => {
      const list = sorted(wanted());
      state.isCut = false;
      let bodies;
      if (by("grouped").checked) bodies = bodiesOf(list);
      else {
        flat.replaceChildren(...list.slice(0, state.limit).map((row) => row.tr));
        bodies = [flat];
        state.isCut = list.length > state.limit;
      }
      table.replaceChildren(table.caption, head, ...bodies);
      const count = countOf(list);
      const isFiltered = list.length < rows.length;
      const noun = total === 1 ? "finding" : "findings";
      by("count").textContent = isFiltered ? `${count} of ${total} ${noun}` : `${total} ${noun}`;
      by("reset").disabled = !isAsked();
      by("more").hidden = !state.isCut;
    };

    const remember = () => {
      const words = new URLSearchParams();
      if (by("q").value) words.set("q", by("q").value);
      for (const id of selects) if (by(id).value) words.set(id, by(id).value);
      const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
      if (chosen.length) words.set("s", chosen.join("."));
      try {
        history.replaceState(null, "", "#" + words);
      } catch {
        // a sandboxed frame has no history: the filter works all the same
      }
    };
    const set = (words) => {
      by("q").value = words.q || "";
      for (const id of selects) {
        by(id).value = words[id] || "";
        if (by(id).selectedIndex < 0) by(id).value = "";
      }
      const chosen = (words.s || "").split(".");
      for (const box of boxes) box.checked = chosen.includes(box.value);
    };
    const changed = () => {
      state.limit = rowsPerStep;
      for (const group of groups) group.isOpen = false;
      draw();
      remember();
    };

    Array.from(head.rows[0].cells).forEach((cell, column) => {
      if (cell.tagName !== "TH") return;
      const button = make("button", cell.textContent);
      button.type = "button";
      cell.replaceChildren(button);
      button.addEventListener("click", () => {
        state.isDown = state.sort === column ? !state.isDown : isHighFirst(column);
        state.sort = column;
        for (const other of head.rows[0].cells) other.removeAttribute("aria-sort");
        cell.setAttribute("aria-sort", state.isDown ? "descending" : "ascending");
        draw();
      });
    });
    for (const id of [...selects, "grouped"]) by(id).addEventListener("change", changed);
    for (const box of boxes) box.addEventListener("change", changed);
    by("q").addEventListener("input", changed);
    by("reset").addEventListener("click", () => {
      set({});
      changed();
      by("q").focus();
    });
    by("next").addEventListener("click", () => {
      state.limit += rowsPerStep;
      draw();
    });
    by("whole").addEventListener("click", () => {
      state.limit = Infinity;
      for (const group of groups) group.isOpen = true;
      draw();
    });
    by("open").addEventListener("click", () => {
      const all = Array.from(table.querySelectorAll("details"));
      const isOpening = all.some((one) => !one.open);
      for (const one of all) one.open = isOpening;
      by("open").textContent = isOpening ? "Close all" : "Open all shown";
    });

    table.addEventListener("click", (event) => {
      const row = event.target.closest("tr.f");
      if (!row || event.target.closest(".m, a, button") || String(getSelection())) return;
      const details = row.querySelector("details");
      details.open = !details.open;
    });
    // Opened for the first time: a button to copy the exception.
    table.addEventListener("toggle", (event) => {
      const pre = event.target.querySelector("pre");
      if (!pre || pre.nextSibling) return;
      const button = make("button", "Copy", "copy");
      button.type = "button";
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(pre.textContent);
          button.textContent = "Copied";
        } catch {
          getSelection().selectAllChildren(pre);
          button.textContent = "Selected: press Ctrl+C";
        }
      });
      pre.after(button);
    }, true);
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href='#findings']");
      if (!link || !Object.keys(link.dataset).length) return;
      const words = { ...link.dataset };
      if (words.q) words.q = `"${words.q}"`;
      set(words);
      changed();
      by("findings-title").focus({ preventScroll: true });
    });
    const ofAddress = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    addEventListener("hashchange", () => {
      if (!location.hash.includes("=")) return;
      set(ofAddress());
      changed();
    });
    let before = null;
    addEventListener("beforeprint", () => {
      before = [state.limit, groups.map((group) => group.isOpen)];
      state.limit = Infinity;
      for (const group of groups) group.isOpen = true;
      draw();
    });
    addEventListener("afterprint", () => {
      if (!before) return;
      state.limit = before[0];
      groups.forEach((group, i) => (group.isOpen = before[1][i]));
      draw();
    });

    // The first search finds its texts ready, and nobody waits for them.
    let prepared = 0;
    const prepare = () => {
      const until = performance.now() + 6;
      while (prepared < rows.length && performance.now() < until) textOf(rows[prepared++]);
      if (prepared < rows.length) setTimeout(prepare, 4);
    };
    setTimeout(prepare, 50);

    if (location.hash.includes("=")) set(ofAddress());
    by("tools").hidden = false;
    by("buttons").hidden = false;
    draw();
  };

  root.classList.add("js");
  const theme = remembered();
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  document.addEventListener("DOMContentLoaded", () => {
    try {
      start();
      root.classList.add("ready");
    } catch (error) {
      root.classList.remove("js"); // then all of it is shown
      throw error;
    }
  });
})();
)js"
