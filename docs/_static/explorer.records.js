/* The records of the explorer, unpacked, and how they hang together. Knows no page. */

"use strict";

(function (cambodiaTip) {
  const { data } = cambodiaTip;
  const { columns, strings, tables, documents } = data;
  const names = Object.keys(columns);
  const repeated = new Set(data.repeated);
  const tableNames = Object.keys(tables);
  const caveatIds = Object.keys(data.caveats);
  const textOf = (cell) => (typeof cell === "number" ? strings[cell] : cell);

  const records = columns.id.map((_, place) => {
    const record = {};
    for (const name of names) {
      const cell = columns[name][place];
      record[name] = repeated.has(name) ? textOf(cell) : cell;
    }
    record.place = place;
    record.table = tableNames[record.table];
    record.passage = data.passages[record.passage];
    record.source = documents[record.passage.document];
    record.caveats = record.caveats.map((each) => caveatIds[each]);
    record.isAuthor = record.reporter === record.source.publisher;
    if (typeof record.quotes === "string") record.quotes = [["Quote", record.quotes]];
    record.quotes = record.quotes || [];
    return record;
  });
  const byId = new Map(records.map((record) => [record.id, record]));
  const topicOf = new Map(data.topics.flatMap(({ key, tables: all }) => all.map((t) => [t, key])));

  /* The figures that pages of findings are about: what most readers look for. */
  for (const place of data.findings.flatMap(([, , places]) => places)) records[place].isKey = true;

  /* The finding that is about the first record of a search, or about more than one of the first. */
  function findingOf(found) {
    const first = found.slice(0, 8).map(({ place }) => place);
    const [best] = data.findings
      .map(([page, question, places]) => {
        const number = [first[0], ...first].filter((place) => places.includes(place)).length;
        return { page, question, number };
      })
      .sort((one, other) => other.number - one.number);
    return best && best.number > 1 ? best : null;
  }

  const withCaveat = new Map(caveatIds.map((id) => [id, []]));
  for (const record of records) {
    record.linked = record.linked.map((place) => records[place]);
    record.cells = Array.from({ length: record.cells.length / 2 }, (_, index) => {
      const [field, cell] = record.cells.slice(2 * index, 2 * index + 2);
      return [data.fields[field], data.fields[field].link ? records[cell] : textOf(cell)];
    });
    for (const id of record.caveats) withCaveat.get(id).push(record);
    record.facets = {
      finding: record.facet_finding,
      indicator: record.facet_indicator,
      area: record.facet_area,
      reporter: record.facet_reporter,
      status: record.facet_status,
      caveat: record.facet_caveat,
      source: record.source.id,
    };
    for (const [name, codes] of Object.entries(record.facets)) {
      record.facets[name] = codes ? codes.split(" ") : [];
    }
  }
  const pairs = new Map();
  for (const [first, second, table, kind, note] of data.pairs) {
    for (const [one, other] of [[first, second], [second, first]]) {
      const record = records[one];
      if (!pairs.has(record)) pairs.set(record, []);
      pairs.get(record).push({ other: records[other], table, kind, note, isFirst: one === first });
    }
  }

  function hasYears({ years }, { from, to }) {
    if (!from && !to) return true;
    return Boolean(years) && years[0] <= (to || Infinity) && years[1] >= (from || 0);
  }

  function hasTopic(record, topic) {
    return !topic || record.table === topic || topicOf.get(record.table) === topic;
  }

  /* The records that pass, and how many each other choice of one filter would give. */
  function select(found, filters) {
    const chosen = [];
    const counts = { topic: new Map(), indicator: new Map(), area: new Map(), reporter: new Map() };
    Object.assign(counts, { finding: new Map(), status: new Map(), caveat: new Map(), source: new Map() });
    const add = (name, code) => counts[name].set(code, (counts[name].get(code) || 0) + 1);
    const facets = Object.keys(counts).slice(1);
    let undated = 0;
    for (const record of found) {
      const failed = facets.filter((n) => filters[n] && !record.facets[n].includes(filters[n]));
      if (!hasTopic(record, filters.topic)) failed.push("topic");
      if (!hasYears(record, filters)) failed.push("years");
      if (!failed.length) chosen.push(record);
      if (failed.length > 1) continue;
      if (failed[0] === "years") {
        undated += record.years ? 0 : 1;
        continue;
      }
      if (!failed.length || failed[0] === "topic") {
        const { table } = record;
        for (const code of new Set(["", topicOf.get(table), table])) add("topic", code);
      }
      for (const name of facets) {
        if (!failed.length || failed[0] === name) {
          add(name, "");
          for (const code of record.facets[name]) add(name, code);
        }
      }
    }
    return { records: chosen, counts, undated };
  }

  /* Records whose ids begin as a wrong one does. */
  function similar(id) {
    for (let length = id.length; length > 3; length -= 1) {
      const start = id.slice(0, length);
      const found = records.filter((record) => record.id.startsWith(start));
      if (found.length) return found.slice(0, 5);
    }
    return [];
  }

  Object.assign(cambodiaTip, { records, byId, topicOf, withCaveat, pairs, select, similar, findingOf });
})(globalThis.cambodiaTip);
