/* The evidence behind a record, built when its row is opened. Text only ever becomes text. */

"use strict";

(function (cambodiaTip) {
  const { data, byId, nameOf, pointersTo, sharing } = cambodiaTip;
  const SHOWN_AT_ONCE = 12;

  /* An element with attributes and children; children that are no elements become text. */
  function element(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
    }
    node.append(...children.flat(Infinity).filter((child) => child || child === 0));
    return node;
  }

  /* The address that the site is published at, where it is known: a copy may lie in a folder. */
  function addressOf(id) {
    const published = document.querySelector("link[rel=canonical]");
    return (published || location).href.replace(/[?#].*$/, "") + "#" + id;
  }

  /* Whether this page was opened where nobody else can open it. */
  function isCopy() {
    const isHere = location.protocol === "file:" || /^(localhost|127\.|\[::1\])/.test(location.host);
    return isHere && !document.querySelector("link[rel=canonical]");
  }

  function linkTo(record) {
    return element("a", { href: "#" + record.id }, nameOf(record));
  }

  function listOf(records, more = () => "") {
    const items = (some) =>
      element("ul", null, some.map((one) => element("li", null, linkTo(one), more(one))));
    if (records.length <= SHOWN_AT_ONCE) return items(records);
    const details = element("details", null, element("summary", null, `${records.length} rows`));
    details.addEventListener("toggle", () => details.append(items(records)), { once: true });
    return details;
  }

  function section(title, ...children) {
    return element("section", null, element("h2", null, title), ...children);
  }

  function facts(pairs) {
    return element(
      "dl",
      null,
      pairs.map(([title, ...content]) =>
        element("div", null, element("dt", null, title), element("dd", null, ...content)),
      ),
    );
  }

  function quoteOf(text) {
    return element("blockquote", null, element("p", null, "“", text, "”"));
  }

  function placeOf(key) {
    const passage = data.passages[key];
    const document_ = data.documents[key.slice(0, key.indexOf("/"))];
    return { passage, document: document_ };
  }

  function source(record) {
    const { passage, document: from } = placeOf(record.passage);
    const found = record.quotes || [];
    const quotes = found.map(([title, text]) => {
      const figure = element("figure", null, quoteOf(text));
      if (found.length > 1) figure.append(element("figcaption", null, title));
      return figure;
    });
    if (!quotes.length) {
      quotes.push(element("p", null, "No words are quoted for this row."));
    }
    const address = from.opened
      ? element("a", { href: from.url, rel: "external noreferrer" }, from.url)
      : element("span", { class: "explorer-address" }, from.url);
    const pairs = [
      ["Paragraph", passage.name + (passage.heading ? `, under “${passage.heading}”` : "")],
      ["Document", `${from.title} (${from.date})`],
      ["Address", address, from.url_note ? ` (${from.url_note})` : ""],
      ...from.facts,
    ];
    return section("Where it says so", quotes, facts(pairs));
  }

  function reportedBy({ reporter, period }) {
    return `, by ${reporter}${period ? "" : ", no period given"}`;
  }

  function warnings(record) {
    const found = (record.caveats || []).map((id) => {
      const caveat = data.caveats[id];
      const item = element(
        "li",
        { class: caveat.overlap ? "explorer-overlap" : null },
        element("p", null, element("a", { href: "#" + id }, caveat.label), ". ", caveat.text),
        element("p", { class: "explorer-hint" }, caveat.kind, "."),
      );
      const others = caveat.overlap ? sharing(id, record) : [];
      if (others.length) {
        item.append(element("p", null, "It may count the same as:"), listOf(others, reportedBy));
      }
      return item;
    });
    return found.length
      ? section("Warnings", element("ul", { class: "explorer-warnings" }, found))
      : null;
  }

  function told(cells) {
    return cells.map(([field, text]) => [
      field.title,
      field.link ? linkTo(byId.get(text)) : text,
    ]);
  }

  function recorded(record) {
    const pairs = told(record.cells);
    if (record.author) {
      pairs.push(["Reported by", `${record.reporter}, the author of the document`]);
    }
    if (record.note) pairs.push(["Note", record.note]);
    return section("What the row records", facts(pairs));
  }

  function linked(record) {
    const pairs = Array.from(pointersTo(record.id), ([title, records]) => [
      `Named as “${title}” in`,
      listOf(records),
    ]);
    const joined = (record.joined || []).map(([title, cells, quote, key]) => {
      const { passage, document: from } = placeOf(key);
      const others = told(cells.map(([field, text]) => [data.fields[field], text]));
      return element(
        "li",
        null,
        others.map(([name, content], place) => [place ? "; " : "", `${name}: `, content]),
        ". ",
        element("q", null, quote),
        ` (${from.title}, ${passage.name})`,
        element("span", { class: "visually-hidden" }, ` in ${title}`),
      );
    });
    if (joined.length) pairs.push(["Joined with", element("ul", null, joined)]);
    return pairs.length ? section("Linked rows", facts(pairs)) : null;
  }

  function copyButton(text, label) {
    return element(
      "button",
      { type: "button", class: "explorer-button", "data-copy": text },
      label,
    );
  }

  function cite(record) {
    const { passage } = placeOf(record.passage);
    const { Text: text, ...formats } = passage.cite;
    const address = addressOf(record.id);
    const cited = section(
      "Cite",
      element("p", { class: "explorer-citation" }, text),
      element(
        "p",
        { class: "explorer-copies" },
        copyButton(text, "Copy citation"),
        Object.entries(formats).map(([name, each]) => copyButton(each, `Copy ${name}`)),
      ),
      facts([
        [isCopy() ? "Address in this copy" : "Permanent address", element("a", { href: "#" + record.id }, address)],
        ["This dataset", data.dataset.Text],
      ]),
      element(
        "p",
        { class: "explorer-copies" },
        isCopy() ? copyButton(record.id, "Copy id") : copyButton(address, "Copy address"),
        copyButton(data.dataset.Text, "Copy citation of the dataset"),
      ),
    );
    cited.className = "explorer-together";
    return cited;
  }

  /* The region that opens under a row. */
  function evidence(record) {
    return element(
      "div",
      {
        id: "evidence-" + record.id,
        class: "explorer-evidence",
        role: "region",
        "aria-label": "Evidence: " + nameOf(record),
      },
      source(record),
      warnings(record),
      cite(record),
      recorded(record),
      linked(record),
    );
  }

  Object.assign(cambodiaTip, { element, evidence, linkTo, addressOf, isCopy });
})(globalThis.cambodiaTip);
