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
  /* A word that so few records have may be another one that is spelled wrong. */
  const RARE = 10;
  const MUCH_MORE = 20;
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

  /* A form in -ing stands for its group by itself: a rating is a tier, a rate is not. */
  const synonyms = new Map();
  for (const group of data.synonyms) {
    const words = group.split(" ");
    for (const word of words) {
      for (const key of word.endsWith("ing") ? [word, word + "s"] : [stem(word)]) {
        synonyms.set(key, stem(words[0]));
      }
    }
  }

  const terms = new Map();
  const forms = new Map();

  /* The term of a word; words that are ignored have none. */
  function termOf(word) {
    if (!terms.has(word)) {
      const stemmed = stem(word);
      const term = synonyms.get(word) || synonyms.get(stemmed) || stemmed;
      terms.set(word, IGNORED.has(word) ? null : term);
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

  /* What is looked for in place of a word: its term, or those of words that begin as it does. */
  function termsFor(word) {
    const term = termOf(word);
    if (forms.has(term) || word.length < 3 || /\d/.test(word)) return [term];
    const begun = Array.from(forms, ([other, found]) => [other, [...found.keys()]])
      .filter(([, found]) => found.some((form) => form.startsWith(word)))
      .map(([other]) => other);
    return begun.length ? begun : [term];
  }

  const labels = Object.keys(data.abbreviations).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const named = new RegExp(labels.join("|"), "g");

  /* The short names of the bodies that texts name in full: readers use either. */
  function abbreviationsIn(texts) {
    return Array.from(texts.join("\n").matchAll(named), ([label]) => data.abbreviations[label]);
  }

  /* The years within a longer period; what is open at one end has only what is printed. */
  function yearsOf({ period, years }) {
    if (!years || /^(from|until) /.test(period)) return [];
    return Array.from({ length: years[1] - years[0] + 1 }, (_, place) => years[0] + place);
  }

  /* What a linked record adds to a search: its name if it has one, and not its sentence. */
  function nameOf(record) {
    return data.named.includes(record.table) ? record.title : "";
  }

  /* All that a record is found by, each word once. The author of its source is not among it: that
  would find most records for "labor". */
  function textsOf(record) {
    const caveats = record.caveats.map((id) => data.caveats[id]);
    const cells = record.cells.filter(([field]) => !field.name.endsWith("_basis"));
    const names = cells.map(([field, cell]) => (field.link ? nameOf(cell) : cell));
    names.push(...record.linked.map(nameOf));
    if (!record.isAuthor) names.push(record.reporter);
    const quotes = record.quotes.map(([, text]) => text);
    const texts = {
      title: [record.title, record.detail, data.tables[record.table]],
      text: [record.value, record.more, record.period, record.note, ...quotes],
      codes: [
        ...names,
        ...abbreviationsIn([record.title, ...names]),
        record.id,
        record.area,
        record.source.standing,
        ...yearsOf(record),
        ...caveats.map(({ label, kind }) => `${label} ${kind}`),
      ],
    };
    const seen = new Set();
    const found = { id: record.place };
    for (const field of FIELDS) {
      const fresh = wordsOf(texts[field].join(" ")).filter((word) => !seen.has(word));
      fresh.forEach((word) => seen.add(word));
      found[field] = [...new Set(fresh)].join(" ");
    }
    return found;
  }

  let index = null;
  let spellings = null;

  /* Index the records, which takes most of a second: once, and before somebody types if it can. */
  function prepare() {
    if (index) return;
    index = new MiniSearch({
      fields: FIELDS,
      tokenize: (text) => text.split(" "),
      processTerm: indexed,
      searchOptions: {
        boost: { title: 6, text: 3 },
        boostDocument: (place) => (records[place].isKey ? 1.5 : 1),
      },
    });
    index.addAll(records.map(textsOf));
    spellings = new MiniSearch({ fields: ["form"], storeFields: ["form"], tokenize: (text) => [text] });
    spellings.addAll([...forms.values()].flatMap((found) => [...found.keys()]).map((form, id) => ({ id, form })));
  }

  function numberOf(word) {
    const counts = forms.get(termOf(word));
    return counts ? [...counts.values()].reduce((sum, number) => sum + number, 0) : 0;
  }

  /* The word of the records that is spelled most like one that none has, or few. */
  function nearest(word) {
    for (const fuzzy of word.length > 5 ? [1, 2] : [1]) {
      const near = spellings.search(word, { fuzzy }).map(({ form }) => form);
      const [best] = near.filter((form) => form !== word).sort((one, other) => numberOf(other) - numberOf(one));
      if (best && numberOf(best) >= MUCH_MORE * numberOf(word)) return best;
    }
    return null;
  }

  function hasPhrases(record, phrases) {
    if (!phrases.length) return true;
    const texts = [record.title, record.value, record.note, ...record.quotes.flat()];
    const folded = texts.map((text) => ` ${wordsOf(text).join(" ")} `);
    return phrases.every((phrase) => folded.some((text) => text.includes(` ${phrase} `)));
  }

  /* What a search finds, best first; without words, everything as it comes.

  - records: those with all words, or where none has all, those with most
  - wanted, words: how many words these have, and which a search has
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
    if (!telling.length) return { records: all.length ? [] : records, wanted: 0, words: all, also: [] };
    prepare();
    const wanted = new Map(telling.map((word) => [word, termsFor(word)]));
    const query = [...new Set([...wanted.values()].flat())];
    const results = index.search(query.join(" "), { tokenize: () => query, processTerm: (term) => term });
    const hits = results.map(({ id, queryTerms }) => [
      records[id],
      telling.filter((word) => wanted.get(word).some((term) => queryTerms.includes(term))).length,
    ]);
    const most = hits.reduce((number, [, hit]) => Math.max(number, hit), 0);
    const enough = most * 2 >= telling.length ? most : telling.length;
    const found = hits.filter(([record, hit]) => hit >= enough && hasPhrases(record, phrases));
    const also = query.flatMap((term) =>
      formsOf(term).filter((form) => !all.includes(form) && !form.includes("'")).slice(0, MOST_FORMS),
    );
    return {
      records: found.map(([record]) => record),
      wanted: enough,
      words: telling,
      also: also.slice(0, MOST_FORMS * telling.length),
      instead: spelled(wanted),
    };
  }

  /* The same search with the nearest words that records have; null if it needs none. */
  function spelled(wanted) {
    const isMissing = (word) => /^[a-z]{4,}$/.test(word) && numberOf(word) <= RARE &&
      (numberOf(word) || wanted.get(word).every((term) => !forms.has(term)));
    const near = new Map([...wanted.keys()].filter(isMissing).map((word) => [word, nearest(word)]));
    if (![...near.values()].some(Boolean)) return null;
    return [...wanted.keys()].map((word) => near.get(word) || word).join(" ");
  }

  Object.assign(cambodiaTip, { find, prepare });
})(globalThis.cambodiaTip);
