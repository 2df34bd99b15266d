/* The records of the explorer: found by id, searched and filtered. Knows no page. */

"use strict";

(function (cambodiaTip) {
  const { data, searchable, terms } = cambodiaTip;

  const records = data.records.map((record) => ({
    ...record,
    cells: record.cells.map(([field, text]) => [data.fields[field], text]),
    facets: data.facets.map((name) => record.facets[name] || []),
  }));
  const byId = new Map(records.map((record) => [record.id, record]));

  /* All that a record can be found by: what its line shows, its columns, its warnings. */
  function textsOf(record) {
    const texts = [record.id, record.label, record.detail, record.value, record.more, record.note];
    texts.push(record.period, record.area, record.reporter, data.topics[record.topic]);
    texts.push(...yearsOf(record));
    for (const [field, text] of record.cells) texts.push(field.link ? byId.get(text).label : text);
    for (const [, quote] of record.quotes || []) texts.push(quote);
    for (const { label, text, kind, code } of caveatsOf(record)) texts.push(label, text, kind, code);
    texts.push(...texts.map((text) => data.abbreviations[text]));
    return texts.filter(Boolean);
  }

  /* The years of a period, that within a longer one too; open ones have only what is printed. */
  function yearsOf({ start, end }) {
    if (!start || !end) return [];
    const [first, last] = [Number(start.slice(0, 4)), Number(end.slice(0, 4))];
    return Array.from({ length: last - first + 1 }, (_, place) => String(first + place));
  }

  function caveatsOf(record) {
    return (record.caveats || []).map((id) => data.caveats[id]);
  }

  for (const record of records) {
    record.overlaps = caveatsOf(record).some((caveat) => caveat.overlap);
    record.words = searchable(textsOf(record));
  }

  /* The filters that a record does not pass, as soon as there are two of them. */
  function failures(record, filters, hasWords) {
    const failed = hasWords ? [] : ["words"];
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

  /* How many of the words a record has to have: all, or if none has all, the most that one has. */
  function enough(filters, words, hits) {
    const others = { ...filters, topic: "all" };
    let most = 0;
    for (const [index, record] of records.entries()) {
      if (hits[index] > most && !failures(record, others, true).length) most = hits[index];
    }
    return most * 2 >= words.length ? most : words.length;
  }

  /* What passes the filters, and how many records each other choice of a filter would give. */
  function select(filters) {
    const words = terms(filters.words || "");
    const hits = records.map(({ words: text }) => words.filter((word) => text.includes(word)).length);
    const wanted = enough(filters, words, hits);
    const selection = { ids: new Set(), counts: {}, undated: 0, wanted, words: words.length };
    data.facets.forEach((name) => (selection.counts[name] = new Map()));
    for (const [index, record] of records.entries()) {
      const failed = failures(record, filters, hits[index] >= wanted);
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

  function wholesOf(record) {
    const whole = byId.get(record.whole);
    return whole ? [whole.id, ...wholesOf(whole)] : [];
  }

  /* Whether two are parts that add up to one whole, or one is in the other by what is printed. */
  function isFamily(one, other) {
    if (wholesOf(one).includes(other.id) || wholesOf(other).includes(one.id)) return true;
    return Boolean(one.whole && one.whole === other.whole && one.adds && other.adds);
  }

  /* Periods that are not known may meet any. */
  function meet(one, other) {
    const isApart = (first, second) => first.end && second.start && first.end < second.start;
    return !isApart(one, other) && !isApart(other, one);
  }

  /* Whether one was from, or to, another place than the other: neither lies in the other's. */
  function areElsewhere(one, other) {
    if (one.topic !== other.topic) return false;
    const ways = new Map(other.ways || []);
    return (one.ways || []).some(([name, areas]) => {
      const others = ways.get(name);
      return others && !areas.includes(others[0]) && !others.includes(areas[0]);
    });
  }

  /* The other records under a warning that may count the same as this one. */
  function sharing(caveat, record) {
    return records.filter(
      (other) =>
        other.id !== record.id &&
        (other.caveats || []).includes(caveat) &&
        !isFamily(record, other) &&
        meet(record, other) &&
        !areElsewhere(record, other),
    );
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
