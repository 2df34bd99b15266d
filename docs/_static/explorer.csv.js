/* Records as a table in a file, with the quote and the caveats that a figure must not lose. */

"use strict";

(function (cambodiaTip) {
  const { data, pageOf, period, citation } = cambodiaTip;

  function cell(record, ...names) {
    const found = record.cells.find(([field]) => names.includes(field.name));
    return found && found[1];
  }

  function upper(record) {
    const text = cell(record, "value_max", "maximum");
    return text && text.replaceAll(",", "");
  }

  function caveats(record) {
    const found = record.caveats.map((id) => data.caveats[id]);
    return found.map(({ kind, label, text }) => `${kind}. ${label}. ${text}`).join(" | ");
  }

  const COLUMNS = {
    id: (record) => record.id,
    table: (record) => data.tables[record.table],
    record: (record) => record.title,
    detail: (record) => [record.detail, record.more].filter(Boolean).join(" · "),
    value: (record) => record.value,
    number: (record) => record.number,
    number_max: upper,
    unit: (record) => cell(record, "unit"),
    qualifier: (record) => cell(record, "qualifier"),
    status: (record) => cell(record, "obs_status"),
    period,
    area: (record) => record.area,
    reporter: (record) => record.reporter,
    source: (record) => record.source.name,
    standing: (record) => record.source.standing,
    paragraph: (record) => record.passage.name,
    quote: (record) => record.quotes.map(([, text]) => text).join(" | "),
    caveats,
    note: (record) => record.note,
    citation,
    page: (record) => new URL(pageOf(record.id), location.href).href,
  };

  /* A cell that a spreadsheet would take for a formula gets an apostrophe. */
  function quoted(value) {
    const text = value === undefined || value === null ? "" : String(value);
    const safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
    return `"${safe.replaceAll('"', '""')}"`;
  }

  /* The mark at the beginning tells Excel that the file is UTF-8. */
  function csv(records) {
    const rows = records.map((record) => Object.values(COLUMNS).map((column) => column(record)));
    const lines = [Object.keys(COLUMNS), ...rows].map((row) => row.map(quoted).join(","));
    return "\ufeff" + lines.join("\r\n") + "\r\n";
  }

  Object.assign(cambodiaTip, { csv });
})(globalThis.cambodiaTip);
