/* On the page that searches the pages: how many records the same words find, and a link to them. */

"use strict";

document.addEventListener("DOMContentLoaded", () => {
  const words = new URLSearchParams(location.search).get("q");
  const link = document.querySelector(".tip-search-records a");
  if (!words) return;
  link.search = new URLSearchParams({ words });
  const number = globalThis.cambodiaTip.find(words).records.length;
  link.textContent = `${number.toLocaleString("en")} record${number === 1 ? "" : "s"} for “${words}”`;
});
