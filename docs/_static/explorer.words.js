/* How a search is read: which words count, and which words of a row they find. Knows no record. */

"use strict";

(function (cambodiaTip) {
  /* Words that a question has and a row need not have. */
  const IGNORED = new Set(
    (
      "a about all an and any are as at be been by did do does for from had has have how in into is " +
      "it its many much no not of on or that the their them there these they this those to was " +
      "were what when where which who whom whose why will with"
    ).split(" "),
  );
  const SHORTEST_STEM = 5;

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

  /* The words of a folded text, without the marks around them. */
  function wordsOf(text) {
    return text.match(/[\p{L}\p{N}]+(?:['.][\p{L}\p{N}]+)*/gu) || [];
  }

  /* Texts as a search looks through them: words between spaces, texts apart. */
  function searchable(texts) {
    return texts.map((text) => ` ${wordsOf(fold(text)).join(" ")} `).join("\n");
  }

  /* What all forms of a word begin with: a plural, a participle, the people of a country. */
  function stem(word) {
    if (/\d/.test(word)) return word;
    const one = word.replace(/'s?$/, "").replace(/(.{3}[^s])s$/, "$1");
    for (const [end, rest] of [
      [/ian$/, "ia"],
      [/ese$/, ""],
      [/(ations?|ated|ating|ates?)$/, ""],
      [/(ions?|ings?|ed|ie)$/, ""],
    ]) {
      const short = one.replace(end, rest);
      if (short !== one && short.length >= SHORTEST_STEM) return short;
    }
    return one;
  }

  /* What a row has to have for a word: the word itself if it is short or a number. */
  function needle(word) {
    return /^[\d.]+$/.test(word) || word.length < 3 ? ` ${word} ` : " " + stem(word);
  }

  /* The terms of a search; words in quotation marks stay together, as they are. */
  function terms(search) {
    const phrases = [];
    const rest = fold(search).replace(/"([^"]+)"/g, (_, phrase) => {
      const words = wordsOf(phrase);
      if (words.length) phrases.push(` ${words.join(" ")} `);
      return " ";
    });
    const words = wordsOf(rest);
    const telling = words.filter((word) => !IGNORED.has(word));
    const wanted = telling.length || phrases.length ? telling : words;
    return [...new Set([...phrases, ...wanted.map(needle)])];
  }

  Object.assign(cambodiaTip, { searchable, terms });
})(globalThis.cambodiaTip);
