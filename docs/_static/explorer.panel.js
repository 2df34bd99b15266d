/* What opens beside the list: one record with its evidence, or a few of them side by side.
Text only ever becomes text. */

"use strict";

(function (cambodiaTip) {
  const { data, withCaveat, pairs } = cambodiaTip;
  const SHOWN_AT_ONCE = 6;

  /* An element with attributes and children; children that are no elements become text. */
  function element(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
    }
    node.append(...children.flat(Infinity).filter((child) => child || child === 0));
    return node;
  }

  function pageOf(id) {
    return `r/${encodeURIComponent(id)}.html`;
  }

  function linkTo(record, text) {
    return element("a", { href: "#" + record.id }, text || record.title);
  }

  function muted(...children) {
    return element("span", { class: "explorer-muted" }, ...children);
  }

  function capital(text) {
    return text.charAt(0).toUpperCase() + text.slice(1);
  }

  function section(title, ...children) {
    return element("section", null, element("h3", null, title), ...children);
  }

  function facts(pairs_) {
    return element(
      "dl",
      null,
      pairs_
        .filter(([, content]) => content)
        .map(([title, ...content]) =>
          element("div", null, element("dt", null, title), element("dd", null, ...content)),
        ),
    );
  }

  function overlaps(record) {
    return record.caveats.some((id) => data.caveats[id].overlap);
  }

  /* What a reader has to know before the rest: how firm a record is. */
  function chips(record) {
    const number = record.caveats.length;
    return [
      record.source.standing,
      overlaps(record) ? "May overlap" : "",
      number ? `${number} caveat${number === 1 ? "" : "s"}` : "",
      pairs.has(record) ? "Documents disagree" : "",
    ].filter(Boolean);
  }

  function period(record) {
    return record.period + (record.period && record.inferred ? " (inferred)" : "");
  }

  function value(record) {
    return [record.value, record.more].filter(Boolean).join("; ");
  }

  function sourceLink({ source }) {
    return element("a", { href: `sources/${encodeURIComponent(source.id)}.html` }, source.name);
  }

  function quoted(record) {
    const several = record.quotes.length > 1;
    return record.quotes.map(([title, text]) =>
      element(
        "figure",
        null,
        element("blockquote", null, element("p", null, "“", text, "”")),
        element("figcaption", null, several ? `${title}. ` : "", capital(record.passage.name)),
      ),
    );
  }

  /* A record in a list: what it says, its words, and whose they are. */
  function line(record) {
    const words = record.quotes.at(-1);
    return element(
      "li",
      null,
      linkTo(record),
      words ? [" ", element("q", null, words[1])] : "",
      " ",
      muted([record.reporter, period(record)].filter(Boolean).join(", ")),
    );
  }

  /* A list of records, of which only the first are shown at once. */
  function lines(found) {
    const some = element("ul", null, found.slice(0, SHOWN_AT_ONCE).map(line));
    const rest = found.slice(SHOWN_AT_ONCE);
    if (!rest.length) return some;
    const more = rest.length.toLocaleString("en");
    const details = element("details", null, element("summary", null, `${more} more`));
    details.addEventListener(
      "toggle",
      () => details.append(element("ul", null, rest.map(line))),
      { once: true },
    );
    return [some, details];
  }

  function caveats(record) {
    const found = record.caveats.map((id) => {
      const { kind, label, text } = data.caveats[id];
      const others = withCaveat.get(id).filter((other) => other !== record);
      return element(
        "li",
        null,
        element("p", null, element("strong", null, kind, ". "), text),
        others.length ? element("p", { class: "explorer-also" }, `${label}, also for:`) : "",
        others.length ? lines(others) : "",
      );
    });
    return found.length
      ? section("Caveats", element("ul", { class: "explorer-caveats" }, found))
      : "";
  }

  function card(record, isHere) {
    return element(
      "li",
      null,
      element("p", null, isHere ? element("strong", null, record.title) : linkTo(record)),
      record.quotes.length ? element("p", null, element("q", null, record.quotes.at(-1)[1])) : "",
      element("p", null, muted(record.reporter, ". ", record.source.name)),
    );
  }

  /* Both sides in the order of time, of one size. */
  function disagreements(record) {
    const found = (pairs.get(record) || []).map(({ other, table, kind, note, isFirst }) => {
      const cards = [card(record, true), card(other, false)];
      return [
        element("p", null, `${table === "conflicts" ? "Conflict" : "Revision"}. ${kind}. `, note),
        element("ul", { class: "explorer-sides" }, isFirst ? cards : cards.reverse()),
      ];
    });
    return found.length ? section("Where the documents disagree", found) : "";
  }

  function carriers(record) {
    const caveat = data.caveats[record.id];
    if (!caveat) return "";
    return [
      element("p", null, element("strong", null, caveat.kind, ". "), caveat.text),
      section("Records with this caveat", lines(withCaveat.get(record.id))),
    ];
  }

  function citation(record) {
    const [start, end] = record.source.cite;
    return start + record.passage.cite + end;
  }

  function button(label, attributes) {
    return element("button", { type: "button", class: "explorer-button", ...attributes }, label);
  }

  function cite(record) {
    const text = citation(record);
    return section(
      "Cite this record",
      element("p", { class: "explorer-citation" }, text),
      element(
        "p",
        { class: "explorer-buttons" },
        button("Copy citation", { "data-copy": text }),
        element("a", { href: pageOf(record.id) }, "Permanent page, with all formats"),
      ),
    );
  }

  function details(record) {
    const cells = record.cells.map(([field, cell]) => [
      field.title,
      field.link ? linkTo(cell) : cell,
    ]);
    return element(
      "details",
      null,
      element("summary", null, "Details"),
      facts([
        ...cells,
        ["Note", record.note],
        ["Table", data.tables[record.table]],
        ["Id", element("code", null, record.id)],
      ]),
      record.linked.length ? [element("p", null, "Linked records:"), lines(record.linked)] : "",
    );
  }

  function panel(record, isPinned) {
    return [
      element("p", { class: "explorer-muted" }, data.tables[record.table]),
      element("h2", { id: "explorer-panel-title", tabindex: -1 }, record.title),
      element("p", null, chips(record).map((text) =>
        element("span", { class: "explorer-chip" }, text))),
      facts([
        ["Value", data.caveats[record.id] ? "" : value(record)],
        ["Period", period(record)],
        ["Area", record.area],
        ["Reported by", record.reporter, record.isAuthor ? " (author of the source)" : ""],
        ["Source", sourceLink(record)],
      ]),
      quoted(record).length
        ? section("Quote", quoted(record))
        : element("p", null, "No words are quoted for this record."),
      carriers(record),
      caveats(record),
      disagreements(record),
      cite(record),
      element("p", { class: "explorer-buttons" }, button(isPinned ? "Unpin" : "Pin to compare", {
        "data-pin": record.id,
        "aria-pressed": String(isPinned),
      })),
      details(record),
    ];
  }

  /* Records as the columns of a table. */
  function comparison(found) {
    const shared = (id) => found.filter((record) => record.caveats.includes(id)).length > 1;
    const rows = {
      Value: value,
      Period: period,
      Area: (record) => record.area,
      "Reported by": (record) => record.reporter,
      Source: (record) => [sourceLink(record), " ", muted(record.source.standing)],
      Quote: (record) => record.quotes.map(([, text]) => element("q", null, text)),
      Caveats: (record) =>
        element("ul", null, record.caveats.map((id) => {
          const { kind, label } = data.caveats[id];
          return element("li", null, `${kind}: ${label}`, shared(id) ? " (shared)" : "");
        })),
      Disagrees: (record) =>
        (pairs.get(record) || [])
          .filter(({ other }) => found.includes(other))
          .map(({ other, kind }) => element("p", null, "With ", linkTo(other), `: ${kind}.`)),
    };
    const filled = (content) => (Array.isArray(content) ? content.length : content);
    return [
      element("h2", { id: "explorer-panel-title", tabindex: -1 }, "Records side by side"),
      element("p", null, "They may differ in what they count. Compare periods, reporters and caveats first."),
      element("div", { class: "explorer-scroll", tabindex: 0, role: "region", "aria-label": "Comparison" },
        element("table", { class: "explorer-comparison" },
          element("thead", null, element("tr", null, element("th", { scope: "col" }, "Record"),
            found.map((record) => element("th", { scope: "col" }, linkTo(record))))),
          element("tbody", null, Object.entries(rows).map(([title, content]) => {
            const cells = found.map(content);
            if (!cells.some(filled)) return "";
            return element("tr", null, element("th", { scope: "row" }, title),
              cells.map((cell) => element("td", null, cell)));
          }))))
    ];
  }

  Object.assign(cambodiaTip, {
    element, linkTo, pageOf, muted, chips, period, value, citation, panel, comparison,
  });
})(globalThis.cambodiaTip);
