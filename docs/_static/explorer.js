/* The page of the explorer: the form, the list, the panel, and the address that holds them all,
so that a search can be shared and the back button works. */

"use strict";

document.addEventListener("DOMContentLoaded", function () {
  const { data, byId, topicOf, select, similar, findingOf, find, prepare, csv } = globalThis.cambodiaTip;
  const { element, linkTo, pageOf, muted, chips, period, value } = globalThis.cambodiaTip;
  const { panel, comparison } = globalThis.cambodiaTip;
  const AT_ONCE = 25;
  const MOST_ON_PAPER = 200;
  const MOST_PINS = 4;
  const COMPARE = "compare";
  const part = (name) => document.getElementById(`explorer-${name}`);
  const form = part("form");
  const dialog = part("panel");
  const controls = Array.from(form.elements).filter((control) => control.name);
  const topics = new Map(data.topics.map((topic) => [topic.key, topic]));
  const state = { topic: "", pins: [], shown: AT_ONCE, chosen: [], found: null, search: null };
  let lastWords = null;
  let isTyping = false;

  function put(name, ...content) {
    part(name).replaceChildren(...content.flat(Infinity).filter(Boolean));
  }

  function counted(number, noun) {
    return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
  }

  function button(label, attributes) {
    return element("button", { type: "button", ...attributes }, label);
  }

  // What is looked for

  function filters() {
    const found = Object.fromEntries(controls.map(({ name, value: text }) => [name, text.trim()]));
    for (const name of ["from", "to"]) found[name] = Number(found[name]) || null;
    return { ...found, topic: state.topic };
  }

  const ORDERS = {
    period: (record) => record.years && record.years[1],
    value: (record) => record.number,
  };

  /* Records in the order that was chosen; those without what they are ordered by come last. */
  function ordered(found, sort) {
    const [name, direction] = sort.split(".");
    const key = ORDERS[name];
    if (!key) return found;
    const unit = (record) => {
      const cell = record.cells.find(([field]) => field.name === "unit");
      return name === "value" && cell ? cell[1] : "";
    };
    const sign = direction === "desc" ? -1 : 1;
    const has = (record) => typeof key(record) === "number";
    return [...found].sort(
      (one, other) =>
        has(other) - has(one) ||
        unit(one).localeCompare(unit(other)) ||
        (has(one) ? sign * (key(one) - key(other)) : 0),
    );
  }

  function refresh() {
    const wanted = filters();
    if (wanted.words !== lastWords) state.found = find(wanted.words);
    lastWords = wanted.words;
    const selection = select(state.found.records, wanted);
    state.chosen = ordered(selection.records, wanted.sort);
    state.shown = AT_ONCE;
    showTopics(selection.counts.topic);
    showCounts(selection.counts);
    tell(selection);
    showRows();
  }

  // Topics and filters, each choice with the number of records that it gives

  function topicButton(code, title, number, isOn) {
    const attributes = { "data-topic": code, "aria-pressed": String(isOn) };
    return button([title, " ", muted(number.toLocaleString("en"))], attributes);
  }

  function showTopics(counts) {
    const within = topicOf.get(state.topic) || state.topic;
    const number = (code) => counts.get(code) || 0;
    put("topics", topicButton("", "All", number(""), !state.topic),
      data.topics.map(({ key, title }) => topicButton(key, title, number(key), key === within)));
    const { tables } = topics.get(within) || { tables: [] };
    put("tables", tables.length > 1 && tables.map((name) =>
      topicButton(name, data.tables[name], number(name), name === state.topic)));
  }

  function showCounts(counts) {
    for (const control of controls) {
      const found = counts[control.name];
      if (!found) continue;
      let choices = 0;
      for (const option of control.options) {
        option.dataset.label = option.dataset.label || option.textContent;
        const number = found.get(option.value) || 0;
        option.textContent = `${option.dataset.label} (${number.toLocaleString("en")})`;
        option.hidden = option.disabled = !number && !option.selected;
        choices += option.value && !option.hidden ? 1 : 0;
      }
      control.parentElement.hidden = !choices;
    }
    const folded = controls.filter((c) => c.closest("details") && c.value !== defaultOf(c)).length;
    part("filters").firstElementChild.textContent = folded ? `Filters (${folded})` : "Filters";
  }

  function tell({ undated }) {
    const { wanted, words, also, instead } = state.found;
    const { from, to } = filters();
    const number = state.chosen.length;
    const parts = [counted(number, "record")];
    if (number && wanted < words.length) {
      parts.push(`no record has all of these words: ${words.join(", ")}. These have ${wanted} of them`);
    }
    if (undated) parts.push(`${undated} left out for having no period`);
    if (from && to && from > to) parts.push("the first year is later than the last");
    const text = parts.join("; ") + ".";
    if (part("count").textContent !== text) part("count").textContent = text;
    part("also").hidden = !also.length;
    put("forms", also.join(", "));
    const finding = words.length ? findingOf(state.found.records) : null;
    put("answer", finding && ["Finding: ",
      element("a", { href: `findings/${finding.page}.html` }, finding.question)]);
    part("sort").options[0].textContent = words.length ? "Best match first" : "By topic and source";
    put("instead", instead && ["Did you mean ", button(instead, { "data-words": instead }), "?"]);
    part("save").disabled = !number;
    part("save").textContent = `Download CSV (${number.toLocaleString("en")})`;
    part("pages").hidden = !words.length;
    part("pages").search = new URLSearchParams({ q: filters().words });
  }

  // The list

  const COLUMNS = {
    Record: (record) => [
      element("a", { href: "#" + record.id, class: "explorer-open", title: record.title }, record.title),
      element("span", { class: "explorer-meta" },
        chips(record).map((text) => element("span", { class: "explorer-chip" }, text)), data.tables[record.table]),
    ],
    Value: (record) => element("span", { class: "explorer-clamp", title: value(record) }, value(record)),
    Period: period,
    "Reported by": (record) => element("span", { class: "explorer-clamp", title: record.reporter }, record.reporter),
    Source: (record) => element("span", { class: "explorer-clamp", title: record.source.name }, record.source.short),
  };

  function row(record) {
    const cells = Object.entries(COLUMNS).map(([title, content], place) => {
      const attributes = place ? { role: "cell", "data-title": title } : { role: "rowheader", scope: "row" };
      return element(place ? "td" : "th", attributes, content(record));
    });
    const pin = element("input", {
      type: "checkbox",
      "data-pin": record.id,
      "aria-label": `Compare: ${record.title}`,
    });
    return element("tr", { role: "row" }, cells, element("td", { role: "cell", class: "explorer-pin" }, pin));
  }

  function showRows() {
    const body = part("table").tBodies[0];
    const rows = state.chosen.slice(0, state.shown).map(row);
    if (!rows.length) {
      const nothing = "No record matches. Remove a filter, or search for fewer words.";
      rows.push(element("tr", { role: "row" }, element("td", { role: "cell", colspan: 6 }, nothing)));
    }
    body.replaceChildren(...rows);
    const left = state.chosen.length - state.shown;
    part("more").hidden = left <= 0;
    part("more").textContent = `Show more (${left.toLocaleString("en")} left)`;
    showPins();
  }

  function showMore() {
    const first = state.shown;
    state.shown += AT_ONCE;
    showRows();
    part("table").tBodies[0].rows[first].querySelector("a").focus();
  }

  // Records that are compared

  function showPins() {
    const isFull = state.pins.length >= MOST_PINS;
    for (const box of document.querySelectorAll("input[data-pin]")) {
      box.checked = state.pins.includes(box.dataset.pin);
      box.disabled = isFull && !box.checked;
    }
    part("tray").hidden = !state.pins.length;
    put("tray",
      element("span", { role: "status" }, `${counted(state.pins.length, "record")} pinned`,
        isFull ? ", the most that fit" : state.pins.length < 2 ? ", pin another to compare" : ""),
      state.pins.length > 1 && element("a", { href: `#${COMPARE}`, class: "explorer-button" }, "Compare"),
      button("Clear", { class: "explorer-button", "data-clear": "pins" }));
  }

  function pin(id) {
    if (state.pins.includes(id)) state.pins = state.pins.filter((other) => other !== id);
    else if (state.pins.length < MOST_PINS) state.pins = [...state.pins, id];
    showPins();
    writeAddress("replace", hash());
    if (dialog.open) showPanel(hash());
  }

  // The panel

  function showPanel(id) {
    const isComparison = id === COMPARE;
    const content = isComparison
      ? comparison(state.pins.map((each) => byId.get(each)))
      : panel(byId.get(id), state.pins.includes(id));
    put("panel-content", content);
    dialog.classList.toggle("explorer-wide", isComparison);
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    part("panel-title").focus({ preventScroll: true });
  }

  function sayUnknown(id) {
    const [since, instead] = data.retired[id] || [];
    if (since) {
      const record = byId.get(instead);
      put("message", element("p", null, `“${id}” was retired in version ${since}. `,
        record ? ["Replaced by ", linkTo(record), ". "] : "It has no replacement. ",
        element("a", { href: pageOf(id) }, "What it was")));
      return;
    }
    const found = similar(id);
    put("message", element("p", null, `No record has the id “${id}”.`, found.length ? " Similar ids:" : ""),
      found.length && element("ul", null, found.map((record) =>
        element("li", null, linkTo(record), " ", element("code", null, record.id)))));
  }

  // The address

  function hash() {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return location.hash.slice(1); // a lone per cent sign
    }
  }

  function defaultOf(control) {
    return control.tagName === "SELECT" ? "" : control.defaultValue;
  }

  function writeAddress(how, id = "") {
    const query = new URLSearchParams();
    for (const control of controls) {
      if (control.value !== defaultOf(control)) query.set(control.name, control.value);
    }
    if (state.topic) query.set("topic", state.topic);
    if (state.pins.length) query.set(COMPARE, state.pins.join(","));
    const search = query.toString().replaceAll("%2C", ",");
    const address = location.pathname + (search && "?" + search) + (id && "#" + id);
    if (address === location.pathname + location.search + location.hash) return;
    try {
      history[how + "State"](null, "", address);
      state.search = location.search;
    } catch {
      // some browsers keep the address of a local file as it is; the list works without
    }
  }

  /* The list is left as it is where only the panel changes: the focus returns to its row. */
  function readAddress() {
    put("message");
    if (location.search !== state.search) readQuery();
    const id = hash();
    if (byId.has(id) || (id === COMPARE && state.pins.length > 1)) {
      showPanel(id);
      return;
    }
    if (dialog.open) dialog.close();
    if (id && id !== COMPARE && !document.getElementById(id)) sayUnknown(id);
  }

  function readQuery() {
    state.search = location.search;
    const query = new URLSearchParams(location.search);
    for (const control of controls) {
      control.value = query.get(control.name) || defaultOf(control);
      if (control.tagName === "SELECT" && control.selectedIndex < 0) control.value = "";
    }
    const topic = query.get("topic");
    state.topic = topics.has(topic) || topicOf.has(topic) ? topic : "";
    const pins = (query.get(COMPARE) || "").split(",").filter((id) => byId.has(id));
    state.pins = [...new Set(pins)].slice(0, MOST_PINS);
    refresh();
  }

  // What people do

  function changed(how = "push") {
    put("message");
    refresh();
    writeAddress(how);
  }

  form.addEventListener("input", (event) => {
    const isText = event.target.tagName === "INPUT";
    changed(isText && isTyping ? "replace" : "push");
    isTyping = isText;
  });
  form.addEventListener("change", () => (isTyping = false));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const control of controls) control.value = defaultOf(control);
    state.topic = "";
    changed();
    form.elements.words.focus();
  });
  part("more").addEventListener("click", showMore);
  part("save").addEventListener("click", () => {
    const file = new Blob([csv(state.chosen)], { type: "text/csv;charset=utf-8" });
    const address = URL.createObjectURL(file);
    element("a", { href: address, download: `cambodia-tip-${data.version}-records.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") event.stopPropagation(); // a script of Sphinx would prevent closing
  });
  dialog.addEventListener("close", () => {
    if (byId.has(hash()) || hash() === COMPARE) writeAddress("push");
  });
  document.addEventListener("click", (event) => {
    if (event.target === dialog) return dialog.close(); // beside the panel
    const target = event.target.closest("[data-pin], [data-topic], [data-words], [data-clear], [data-copy], [data-close]");
    if (!target) return;
    const { topic, words, copy: text } = target.dataset;
    if (target.dataset.pin) pin(target.dataset.pin);
    else if (text) copy(text, target);
    else if (words) {
      form.elements.words.value = words;
      changed();
    } else if (target.dataset.clear) {
      state.pins = [];
      showPins();
      writeAddress("replace");
    } else if (topic !== undefined) {
      state.topic = topic;
      changed();
      document.querySelector(`[data-topic="${topic}"]`).focus();
    } else dialog.close();
  });

  /* Browsers keep the clipboard from pages that were not fetched over a safe connection. */
  async function copy(text, button_) {
    let isCopied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = element("textarea", { class: "visually-hidden", "aria-hidden": "true" });
      field.value = text;
      dialog.append(field);
      field.select();
      isCopied = document.execCommand("copy");
      field.remove();
      button_.focus();
    }
    put("copied", isCopied ? "Copied." : "The browser did not let the page copy.");
  }

  // Paper has no button to show more

  window.addEventListener("beforeprint", () => {
    state.shown = MOST_ON_PAPER;
    showRows();
    const left = state.chosen.length - MOST_ON_PAPER;
    part("paper").textContent = left > 0 ? `${counted(left, "more record")} not printed: filter the list to print them.` : "";
  });
  window.addEventListener("afterprint", () => {
    state.shown = AT_ONCE;
    showRows();
  });

  part("list").hidden = false;
  window.addEventListener("popstate", readAddress);
  readAddress();
  (window.requestIdleCallback || setTimeout)(prepare);
});
