/* Finding records by words. Knows no page.

Forms of one word, British and American spellings, and synonyms are one term. What else a search
looked for is told, so that a reader can see why a record is there. */

"use strict";

(function (cambodiaTip) {
  const { data, records } = cambodiaTip;
  /* Words that a question has and a record need not have. */
  const IGNORED = new Set(
    (
      "a about an and any are as at be been by did do does for from had has have how in into is it " +
      "its many much of on or that the their them there these they this those to was were what " +
      "when where which who whom whose why will with"
    ).split(" "),
  );
  const SPELLINGS = data.spellings.map(([pattern, plain]) => [new RegExp(pattern, "g"), plain]);
  const FIELDS = ["title", "text", "codes"];
  const MOST_FORMS = 6;
  const stemmer = new Stemmer(); // that of the search of Sphinx

  /* Small letters without accents, plain quotation marks, numbers without thousands apart. */
  function fold(text) {
    return text
      .normalize("NFD")
      .replace(/[\u0300-\u036f]/g, "")
      .replace(/[\u2018\u2019\u02bc]/g, "'")
      .replace(/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"')
      .replace(/(\d),(?=\d{3}(?!\d))/g, "$1")
      .toLowerCase();
  }

  function wordsOf(text) {
    return fold(text).match(/[\p{L}\p{N}]+(?:['.][\p{L}\p{N}]+)*/gu) || [];
  }

  /* A word without its ending and in American spelling; of a people, its country. */
  function stem(word) {
    if (/\d/.test(word)) return word;
    let plain = word.replace(/'s?$/, "").replace(/(?<=[a-z]{3}i)ans?$/, "a");
    for (const [pattern, american] of SPELLINGS) plain = plain.replace(pattern, american);
    return stemmer.stemWord(plain.replace(/(?<=[a-z]{4})ese$/, ""));
  }

  const synonyms = new Map();
  for (const group of data.synonyms) {
    const stems = group.split(" ").map(stem);
    for (const each of stems) synonyms.set(each, stems[0]);
  }

  const terms = new Map();
  const forms = new Map();

  /* The term of a word; words that are ignored have none. */
  function termOf(word) {
    if (!terms.has(word)) {
      const stemmed = stem(word);
      terms.set(word, IGNORED.has(word) ? null : synonyms.get(stemmed) || stemmed);
    }
    return terms.get(word);
  }

  /* The term of a word of a record, whose form is remembered. */
  function indexed(word) {
    const term = termOf(word);
    if (term === null) return null;
    if (!forms.has(term)) forms.set(term, new Map());
    const found = forms.get(term);
    found.set(word, (found.get(word) || 0) + 1);
    return term;
  }

  /* The forms of a term in the records, the most frequent first. */
  function formsOf(term) {
    const found = Array.from(forms.get(term) || []).sort((one, other) => other[1] - one[1]);
    return found.map(([word]) => word);
  }

  function abbreviated(text) {
    return data.abbreviations[text] || "";
  }

  /* The years within a longer period; what is open at one end has only what is printed. */
  function yearsOf({ period, years }) {
    if (!years || /^(from|until) /.test(period)) return [];
    return Array.from({ length: years[1] - years[0] + 1 }, (_, place) => years[0] + place);
  }

  function textsOf(record) {
    const caveats = record.caveats.map((id) => data.caveats[id]);
    const quotes = record.quotes.map(([, text]) => text);
    const cells = record.cells.map(([field, cell]) => (field.link ? cell.title : cell));
    const codes = [record.id, record.area, data.tables[record.table], record.source.name, ...cells];
    codes.push(record.reporter, ...record.linked.map(({ title }) => title));
    return {
      id: record.place,
      title: `${record.title} ${record.label} ${record.detail}`,
      text: [record.value, record.more, record.period, record.note, ...quotes].join(" "),
      codes: [
        ...codes,
        ...codes.map(abbreviated),
        ...yearsOf(record),
        ...caveats.map(({ label, kind }) => `${label} ${kind}`),
      ].join(" "),
    };
  }

  let index = null;

  function build() {
    index = new MiniSearch({
      fields: FIELDS,
      tokenize: wordsOf,
      processTerm: indexed,
      searchOptions: { processTerm: termOf, boost: { title: 6, text: 3 } },
    });
    index.addAll(records.map(textsOf));
  }

  /* The form of a word in the records that is nearest to one that none has. */
  function nearest(word) {
    for (const fuzzy of word.length > 5 ? [1, 2] : [1]) {
      const found = index.search(word, { fuzzy, processTerm: (term) => stem(term) });
      const near = new Set(found.flatMap((result) => result.terms));
      const all = Array.from(near, (term) => [formsOf(term)[0], forms.get(term)])
        .filter(([form]) => form)
        .map(([form, counts]) => [form, Math.max(...counts.values())]);
      if (all.length) return all.sort((one, other) => other[1] - one[1])[0][0];
    }
    return null;
  }

  function hasPhrases(record, phrases) {
    if (!phrases.length) return true;
    const texts = [record.title, record.label, record.value, record.note, ...record.quotes.flat()];
    const folded = texts.map((text) => ` ${wordsOf(text).join(" ")} `);
    return phrases.every((phrase) => folded.some((text) => text.includes(` ${phrase} `)));
  }

  /* What a search finds, best first; without words, everything as it comes.

  - records: those with all words, or where none has all, those with most
  - wanted, words: how many words these have, of how many
  - also: forms and synonyms that were looked for too
  - instead: the same search with words that records have */
  function find(search) {
    const phrases = [];
    const rest = fold(search).replace(/"([^"]*)"?/g, (_, phrase) => {
      const words = wordsOf(phrase);
      if (words.length > 1) phrases.push(words.join(" "));
      return ` ${phrase} `;
    });
    const all = [...new Set(wordsOf(rest))].slice(0, 30);
    const telling = all.filter((word) => termOf(word) !== null);
    if (!telling.length) return { records: all.length ? [] : records, wanted: 0, words: all.length, also: [] };
    if (!index) build();
    const isPart = (term) => !forms.has(term) && term.length > 2 && !/\d/.test(term);
    const results = index.search(telling.join(" "), { prefix: isPart });
    const hits = results.map((result) => [result, new Set(result.queryTerms).size]);
    const words = new Set(telling.map(termOf)).size;
    const most = hits.reduce((number, [, hit]) => Math.max(number, hit), 0);
    const wanted = most * 2 >= words ? most : words;
    const found = hits.filter(([result, hit]) => hit >= wanted && hasPhrases(records[result.id], phrases));
    const typed = new Set(all);
    const also = telling.flatMap((word) =>
      formsOf(termOf(word)).filter((form) => !typed.has(form)).slice(0, MOST_FORMS),
    );
    return {
      records: found.map(([result]) => records[result.id]),
      wanted,
      words,
      also: [...new Set(also)],
      instead: spelled(telling, results),
    };
  }

  function spelled(words, results) {
    const known = new Set(results.flatMap((result) => result.queryTerms));
    const missing = words.filter((word) => !known.has(termOf(word)) && !/\d/.test(word));
    const near = new Map(missing.map((word) => [word, nearest(word)]));
    if (!missing.length || ![...near.values()].some(Boolean)) return null;
    return words.map((word) => near.get(word) || word).join(" ");
  }

  Object.assign(cambodiaTip, { find });
})(globalThis.cambodiaTip);
