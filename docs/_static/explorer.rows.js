/* A record as a line of the list: what each column shows, and what it is sorted by. */

"use strict";

(function (cambodiaTip) {
  const { data, nameOf, element } = cambodiaTip;
  const COLUMNS = ["statement", "value", "period", "area", "reporter", "document"];
  const NONE = "–";

  function documentOf(record) {
    return record.passage.slice(0, record.passage.indexOf("/"));
  }

  function muted(text) {
    return text ? element("span", { class: "explorer-muted" }, text) : "";
  }

  function counted(number, text) {
    return `${number} ${text}${number === 1 ? "" : "s"}`;
  }

  function badge(record) {
    const caveats = (record.caveats || []).map((id) => data.caveats[id]);
    const others = caveats.filter((caveat) => !caveat.overlap).length;
    if (record.overlaps) {
      const text = "may overlap" + (others ? ` · ${counted(others, "more warning")}` : "");
      return element("span", { class: "explorer-badge explorer-badge-overlap" }, text);
    }
    return others ? element("span", { class: "explorer-badge" }, counted(others, "warning")) : "";
  }

  /* The words that carry the row itself: those of its other columns come before them. */
  function quote(record) {
    const [, text] = (record.quotes || []).at(-1) || [];
    return text ? element("span", { class: "explorer-muted explorer-quote" }, `“${text}”`) : "";
  }

  const cells = {
    statement: (record) =>
      element(
        "div",
        null,
        element("span", { class: "explorer-topic" }, data.topics[record.topic]),
        element(
          "button",
          {
            type: "button",
            class: "explorer-open",
            "aria-expanded": "false",
            "aria-label": nameOf(record), // many rows of a table have one label
            "data-id": record.id,
          },
          record.label,
        ),
        muted(record.detail),
        quote(record),
        badge(record),
      ),
    value: (record) => element("div", null, record.value || NONE, muted(record.more)),
    period: (record) =>
      element("div", null, record.period || NONE, muted(record.inferred ? "inferred" : "")),
    area: (record) => element("div", null, record.area || NONE),
    reporter: (record) =>
      element("div", null, record.reporter, muted(record.author ? "author of the document" : "")),
    document(record) {
      const { name, standing } = data.documents[documentOf(record)];
      return element(
        "div",
        null,
        name,
        muted(data.passages[record.passage].name),
        standing ? element("span", { class: "explorer-badge" }, standing) : "",
      );
    },
  };

  function unitOf(record) {
    const cell = record.cells.find(([field]) => field.name === "unit");
    return cell ? cell[1] : "";
  }

  /* A group and a place in it: the groups stand in one order, whichever way the rest is turned. */
  const order = {
    statement: (record) => ["", record.label.toLowerCase()],
    value: (record) => (record.number === undefined ? null : [unitOf(record), record.number]),
    period: (record) => (record.period ? ["", record.start || record.end] : null),
    area: (record) => (record.area ? ["", record.area.toLowerCase()] : null),
    reporter: (record) => ["", record.reporter.toLowerCase()],
    document: (record) => ["", data.documentOrder.indexOf(documentOf(record))],
  };

  function compare(one, other) {
    return one < other ? -1 : Number(one > other);
  }

  /* Rows that have nothing to be sorted by come last in both directions. */
  function sorter(sign) {
    return (one, other) => {
      if (!one || !other) return Number(!one) - Number(!other);
      return compare(one[0], other[0]) || sign * compare(one[1], other[1]);
    };
  }

  globalThis.DataTable.type("none-last", "order", { asc: sorter(1), desc: sorter(-1) });

  Object.assign(cambodiaTip, { COLUMNS, NONE, cells, order, documentOf });
})(globalThis.cambodiaTip);
