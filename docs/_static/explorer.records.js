/* The records of the explorer: unpacked, found by id, searched and filtered. Knows no page. */

"use strict";

(function (cambodiaTip) {
  const data = cambodiaTip.data;

  function unpack(row) {
    const record = {};
    data.columns.forEach((name, place) => {
      const cell = row[place];
      if (cell !== null && cell !== undefined) {
        record[name] = data.pooled.includes(name) ? data.texts[cell] : cell;
      }
    });
    record.cells = record.cells.map(([field, text]) => [data.fields[field], data.texts[text]]);
    record.facets = record.facets.map((codes) => codes.map((code) => data.texts[code]));
    return record;
  }

  const records = data.records.map(unpack);
  const byId = new Map(records.map((record) => [record.id, record]));

  /* Small letters without accents, so that a search needs neither. */
  function fold(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  for (const record of records) {
    const caveats = (record.caveats || []).map((id) => data.caveats[id]);
    record.overlaps = caveats.some((caveat) => caveat.overlap);
    const parts = [record.id, record.label, record.detail, record.value, record.more, record.note];
    parts.push(record.period, record.area, record.reporter, data.topics[record.topic]);
    (record.quotes || []).forEach(([, quote]) => parts.push(quote));
    caveats.forEach((caveat) => parts.push(caveat.label, caveat.text));
    record.words = fold(parts.filter(Boolean).join("\n"));
  }

  /* The words of a search; those in quotation marks stay together. */
  function terms(search) {
    const found = fold(search).matchAll(/"([^"]+)"|[^\s"]+/g);
    return Array.from(found, ([whole, phrase]) => phrase || whole);
  }

  /* The filters that a record does not pass, as soon as there are two of them. */
  function failures(record, filters, words) {
    const failed = [];
    if (!words.every((word) => record.words.includes(word))) failed.push("words");
    if (filters.from || filters.to) {
      const [first, last] = record.years || [Infinity, -Infinity];
      if (first > (filters.to || Infinity) || last < (filters.from || 0)) failed.push("years");
    }
    data.facets.forEach((name, place) => {
      if (failed.length < 2 && filters[name] && !record.facets[place].includes(filters[name])) {
        failed.push(name);
      }
    });
    return failed;
  }

  /* What passes the filters, and how many records each other choice of a filter would give. */
  function select(filters) {
    const words = terms(filters.words || "");
    const selection = { ids: new Set(), counts: {}, undated: 0 };
    data.facets.forEach((name) => (selection.counts[name] = new Map()));
    for (const record of records) {
      const failed = failures(record, filters, words);
      if (!failed.length) selection.ids.add(record.id);
      if (failed.length === 1 && failed[0] === "years" && !record.years) selection.undated += 1;
      data.facets.forEach((name, place) => {
        if (failed.length && (failed.length > 1 || failed[0] !== name)) return;
        const counts = selection.counts[name];
        counts.set("", (counts.get("") || 0) + 1);
        for (const code of record.facets[place]) counts.set(code, (counts.get(code) || 0) + 1);
      });
    }
    return selection;
  }

  /* A record in one line, for links. */
  function nameOf(record) {
    const isFigure = record.number !== undefined || record.facets[0].includes("figures");
    const place = [isFigure && record.area, record.period].filter(Boolean).join(", ");
    return record.label + (isFigure ? `: ${record.value}` : "") + (place ? ` (${place})` : "");
  }

  let pointers = null;

  /* The records that name a record in one of their columns, by the title of that column. */
  function pointersTo(id) {
    if (!pointers) {
      pointers = new Map();
      for (const record of records) {
        for (const [field, text] of record.cells) {
          if (!field.link) continue;
          if (!pointers.has(text)) pointers.set(text, new Map());
          const titles = pointers.get(text);
          titles.set(field.title, [...(titles.get(field.title) || []), record]);
        }
      }
    }
    return pointers.get(id) || new Map();
  }

  /* The other records that a warning holds for. */
  function sharing(caveat, id) {
    return records.filter((other) => other.id !== id && (other.caveats || []).includes(caveat));
  }

  /* Ids that begin as a wrong one does. */
  function similar(id) {
    for (let length = id.length; length > 3; length -= 1) {
      const start = id.slice(0, length);
      const found = records.filter((record) => record.id.startsWith(start));
      if (found.length) return found.slice(0, 5);
    }
    return [];
  }

  Object.assign(cambodiaTip, { records, byId, select, nameOf, pointersTo, sharing, similar });
})(globalThis.cambodiaTip);
