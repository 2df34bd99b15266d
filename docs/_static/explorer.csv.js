/* Records as a table in a file, with the words and the warnings that a figure must not lose. */

"use strict";

(function (cambodiaTip) {
  const { data, addressOf, isCopy, documentOf } = cambodiaTip;

  function cell(record, ...names) {
    const found = record.cells.find(([field]) => names.includes(field.name));
    return found && found[1];
  }

  function upper(record) {
    const text = cell(record, "value_max", "maximum");
    return text && text.replaceAll(",", "");
  }

  function address(record) {
    return isCopy() ? "explorer.html#" + record.id : addressOf(record.id);
  }

  function warnings(record) {
    const caveats = (record.caveats || []).map((id) => data.caveats[id]);
    return caveats.map(({ label, text, kind }) => `${label}. ${text} (${kind}.)`).join(" | ");
  }

  const COLUMNS = {
    id: (record) => record.id,
    topic: (record) => data.topics[record.topic],
    statement: (record) => record.label,
    detail: (record) => [record.detail, record.more].filter(Boolean).join(" · "),
    value: (record) => record.value,
    number: (record) => record.number,
    number_max: upper,
    unit: (record) => cell(record, "unit"),
    qualifier: (record) => cell(record, "qualifier"),
    status: (record) => cell(record, "obs_status"),
    period: (record) => record.period && record.period + (record.inferred ? " (inferred)" : ""),
    area: (record) => record.area,
    reporter: (record) => record.reporter,
    document: (record) => data.documents[documentOf(record)].name,
    standing: (record) => data.documents[documentOf(record)].standing,
    paragraph: (record) => data.passages[record.passage].name,
    quote: (record) => (record.quotes || []).map(([, text]) => text).join(" | "),
    warnings,
    note: (record) => record.note,
    citation: (record) => data.passages[record.passage].cite.Text,
    address,
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
