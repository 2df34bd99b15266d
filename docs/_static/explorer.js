/* The page of the explorer: the form, the table, the address, and what they say to each other.

The form holds all of the state but the open row; the address holds both, so that a search can be
shared and the back button works. */

"use strict";

document.addEventListener("DOMContentLoaded", function () {
  const { data, records, byId, select, similar, nameOf } = globalThis.cambodiaTip;
  const { COLUMNS, NONE, cells, order, element, evidence, linkTo, csv } = globalThis.cambodiaTip;
  const form = document.getElementById("explorer-filters");
  const count = document.getElementById("explorer-count");
  const more = document.getElementById("explorer-more");
  const message = document.getElementById("explorer-message");
  const copied = document.getElementById("explorer-copied");
  const save = document.getElementById("explorer-save");
  const years = document.getElementById("explorer-years-hint");
  const folded = document.getElementById("explorer-folded");
  const controls = Array.from(form.elements).filter((control) => control.name);
  const UNKNOWN = " Ids are never renamed: look for a slip in the address.";
  let selection = select({});
  let open = null;
  let isTyping = false;
  let isApplying = false;

  // The table

  const heads = document.querySelectorAll("#explorer-table thead th");
  const titles = Array.from(heads, (head) => head.textContent);

  const table = new globalThis.DataTable("#explorer-table", {
    data: records,
    columns: COLUMNS.map((name, place) => ({
      data: null,
      name,
      type: "none-last",
      searchable: false,
      orderSequence: ["asc", "desc"],
      cellType: place ? "td" : "th",
      className: "explorer-" + name,
      render: (_, type, record) =>
        type === "display" ? cells[name](record) : order[name](record),
    })),
    order: [],
    autoWidth: false,
    pageLength: 25,
    lengthMenu: [25, 50, 100, { label: "All", value: -1 }],
    layout: { topStart: null, topEnd: null, bottomStart: "pageLength", bottomEnd: "paging" },
    language: {
      emptyTable: "No row matches. Clear a filter, or search for fewer words.",
      zeroRecords: "No row matches. Clear a filter, or search for fewer words.",
      lengthMenu: "Rows on a page: _MENU_",
      aria: {
        paginate: {
          first: "First page",
          previous: "Previous page",
          next: "Next page",
          last: "Last page",
          number: "Page ",
        },
      },
    },
    createdRow(tr) {
      tr.setAttribute("role", "row");
      Array.from(tr.children).forEach((cell, place) => {
        cell.setAttribute("role", place ? "cell" : "rowheader");
        if (place) cell.dataset.title = titles[place];
        else cell.setAttribute("scope", "row");
        if (cell.textContent === NONE) cell.classList.add("explorer-none");
      });
    },
  });
  table.search.fixed("filters", (_, record) => selection.ids.has(record.id));

  // The form

  function filters() {
    const found = Object.fromEntries(controls.map((control) => [control.name, control.value.trim()]));
    for (const name of ["from", "to"]) found[name] = Number(found[name]) || null;
    return found;
  }

  function defaultOf(control) {
    if (control.tagName !== "SELECT") return control.defaultValue;
    return Array.from(control.options).find((option) => option.defaultSelected).value;
  }

  function clear() {
    for (const control of controls) control.value = defaultOf(control);
  }

  /* Beside each choice stands how many rows it would give; those that would give none are out. */
  function showCounts() {
    for (const control of controls) {
      const counts = selection.counts[control.name];
      if (!counts) continue;
      for (const option of control.options) {
        option.dataset.label = option.dataset.label || option.textContent;
        const number = counts.get(option.value) || 0;
        option.textContent = `${option.dataset.label} (${number.toLocaleString("en")})`;
        option.hidden = option.disabled = !number && !option.selected;
      }
    }
    const number = selection.ids.size;
    const parts = [number === 1 ? "1 row matches." : `${number} rows match.`];
    if (number && selection.wanted < selection.words) {
      const have = number === 1 ? "this has" : "these have";
      parts.push(`No row has all words; ${have} ${selection.wanted} of ${selection.words}.`);
    }
    if (selection.undated) {
      const left = selection.undated;
      parts.push(`${left} ${left === 1 ? "is" : "are"} left out for having no period.`);
    }
    const text = parts.join(" ");
    if (count.textContent !== text) count.textContent = text;
    const others = (selection.counts.topic.get("all") || 0) - number;
    more.hidden = !others;
    more.textContent = `Show ${others} more under other topics`;
    save.disabled = !number;
    const { from, to } = filters();
    const hint = from && to && from > to ? "The first year is later than the last: no row fits." : "";
    if (years.textContent !== hint) years.textContent = hint;
    const active = controls.filter((c) => folded.contains(c) && c.value !== defaultOf(c)).length;
    folded.firstElementChild.textContent = active ? `Filters (${active})` : "Filters";
  }

  function refresh() {
    selection = select(filters());
    showCounts();
    const sort = form.elements.sort.value;
    const [name, direction] = sort.split(".");
    isApplying = true;
    table.order(sort ? [[COLUMNS.indexOf(name), direction]] : []);
    if (open && !selection.ids.has(open)) close();
    table.draw();
    isApplying = false;
  }

  // One open row

  function buttonOf(id) {
    return document.querySelector(`.explorer-open[data-id="${CSS.escape(id)}"]`);
  }

  function rowOf(id) {
    return table.row((_, record) => record.id === id);
  }

  function mark(id, isOpen) {
    const node = rowOf(id).node();
    const button = node && node.querySelector(".explorer-open");
    if (!button) return;
    button.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) button.setAttribute("aria-controls", "evidence-" + id);
    else button.removeAttribute("aria-controls");
    node.classList.toggle("explorer-is-open", isOpen);
  }

  function close() {
    if (!open) return;
    rowOf(open).child(false);
    mark(open, false);
    open = null;
  }

  function show(id) {
    close();
    open = id;
    rowOf(id).child(evidence(byId.get(id)), "explorer-evidence-row").show();
    mark(id, true);
  }

  function turnToPageOf(id) {
    const { page, length } = table.page.info();
    const place = table.rows({ search: "applied", order: "applied" }).data().toArray()
      .findIndex((record) => record.id === id);
    const wanted = length > 0 ? Math.floor(place / length) : 0;
    if (wanted !== page) table.page(wanted).draw("page");
  }

  function goTo(id) {
    if (!selection.ids.has(id)) {
      clear();
      refresh();
      if (!selection.ids.has(id)) {
        form.elements.topic.value = byId.get(id).topic;
        refresh();
      }
      say("The filters were changed to show this row.");
      writeAddress("replace", id);
    }
    turnToPageOf(id);
    show(id);
    const button = buttonOf(id);
    button.focus({ preventScroll: true });
    button.closest("tr").scrollIntoView({ block: "start" });
  }

  // The address

  function writeAddress(how, id) {
    const query = new URLSearchParams();
    for (const control of controls) {
      if (control.value !== defaultOf(control)) query.set(control.name, control.value);
    }
    const search = query.toString();
    const address = location.pathname + (search && "?" + search) + (id ? "#" + id : "");
    if (address === location.pathname + location.search + location.hash) return;
    try {
      history[how + "State"](null, "", address);
    } catch {
      // some browsers keep the address of a local file as it is; the list works without
    }
  }

  function hashOf({ hash }) {
    try {
      return decodeURIComponent(hash.slice(1));
    } catch {
      return hash.slice(1); // a lone per cent sign
    }
  }

  function readAddress() {
    const query = new URLSearchParams(location.search);
    for (const control of controls) {
      const value = query.has(control.name) ? query.get(control.name) : defaultOf(control);
      control.value = value;
      if (control.tagName === "SELECT" && control.selectedIndex < 0) control.value = defaultOf(control);
    }
    say("");
    refresh();
    const id = hashOf(location);
    if (byId.has(id)) {
      if (id !== open) goTo(id);
      return;
    }
    close();
    if (id && !document.getElementById(id)) sayUnknown(id);
  }

  function say(text) {
    message.replaceChildren(text ? element("p", null, text) : "");
  }

  function sayUnknown(id) {
    const found = similar(id);
    message.replaceChildren(
      element("p", null, `No row has the id “${id}”.`, UNKNOWN),
      found.length ? element("p", null, "Ids that begin alike:") : "",
      element(
        "ul",
        null,
        found.map((record) => element("li", null, linkTo(record), ` ${record.id}`)),
      ),
    );
    message.scrollIntoView({ block: "center" });
  }

  // What people do

  form.addEventListener("input", (event) => {
    say("");
    refresh();
    const types = event.target.tagName === "INPUT";
    writeAddress(types && isTyping ? "replace" : "push", open);
    isTyping = types;
  });
  form.addEventListener("change", () => (isTyping = false));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    clear();
    say("");
    refresh();
    writeAddress("push", open);
    form.elements.words.focus();
  });
  more.addEventListener("click", () => {
    form.elements.topic.value = "all";
    refresh();
    writeAddress("push", open);
    form.elements.topic.focus();
  });
  save.addEventListener("click", () => {
    const rows = table.rows({ search: "applied", order: "applied" }).data().toArray();
    const file = new Blob([csv(rows)], { type: "text/csv;charset=utf-8" });
    const address = URL.createObjectURL(file);
    element("a", { href: address, download: `cambodia-tip-${data.version}-rows.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  });
  table.on("order", () => {
    if (isApplying) return;
    const [first] = table.order();
    const [place, direction] = Array.isArray(first) ? first : table.order();
    form.elements.sort.value = `${COLUMNS[place]}.${direction}`;
    writeAddress("push", open);
  });
  document.getElementById("explorer-table").addEventListener("click", (event) => {
    const button = event.target.closest(".explorer-open");
    if (!button) return;
    const before = button.getBoundingClientRect().top;
    say("");
    if (button.dataset.id === open) close();
    else show(button.dataset.id);
    window.scrollBy({ top: button.getBoundingClientRect().top - before, behavior: "instant" });
    writeAddress("push", open);
  });
  document.getElementById("explorer").addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const isCopied = await copy(button.dataset.copy, button);
    copied.textContent = isCopied ? "Copied." : "The browser did not let the page copy.";
    const label = button.textContent;
    if (isCopied && label !== "Copied") {
      button.textContent = "Copied";
      setTimeout(() => {
        button.textContent = label;
        copied.textContent = "";
      }, 2000);
    }
  });

  /* Browsers keep the clipboard from pages that were not fetched over a safe connection. */
  async function copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const field = element("textarea", { class: "visually-hidden", "aria-hidden": "true" });
      field.value = text;
      document.body.append(field);
      field.select();
      const isCopied = document.execCommand("copy");
      field.remove();
      button.focus();
      return isCopied;
    }
  }

  // Paper has no pages to turn: it gets the whole list

  let length = null;
  function beforePrint() {
    if (length !== null) return;
    length = table.page.len();
    table.page.len(-1).draw(false);
  }
  function afterPrint() {
    if (length === null) return;
    table.page.len(length).draw(false);
    length = null;
    if (open) turnToPageOf(open);
  }
  const paper = window.matchMedia("print");
  paper.addEventListener("change", () => (paper.matches ? beforePrint() : afterPrint()));
  window.addEventListener("beforeprint", beforePrint);
  window.addEventListener("afterprint", afterPrint);

  // A phone has no room for the filters above the list

  const wide = window.matchMedia("(min-width: 60rem)");
  const fold = () => (folded.open = wide.matches);
  wide.addEventListener("change", fold);
  fold();

  document.getElementById("explorer").hidden = false;
  history.scrollRestoration = "manual"; // a row that is open decides where the page stands
  window.addEventListener("popstate", readAddress);
  readAddress();
});
