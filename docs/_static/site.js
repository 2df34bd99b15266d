/* Search shows the lines around a hit by fetching the pages, which a browser refuses to do from a
   local folder. There it lists the titles alone. */
if (location.protocol === "file:") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}

/* The arrows that fold the navigation have no name; each gets that of the link before it. */
document.addEventListener("DOMContentLoaded", () => {
  for (const arrow of document.querySelectorAll(".bd-sidebar-primary summary:not([aria-label])")) {
    const link = arrow.closest("li")?.querySelector("a");
    if (link) arrow.setAttribute("aria-label", `Pages under ${link.textContent.trim()}`);
  }
});

/* The keys that open a search elsewhere lead to the field of the header. */
document.addEventListener("keydown", (event) => {
  if (event.key !== "k" || !(event.ctrlKey || event.metaKey)) return;
  const fields = document.querySelectorAll("#explorer-words, .tip-search input");
  const field = Array.from(fields).find((each) => each.checkVisibility({ visibilityProperty: true }));
  if (!field) return;
  event.preventDefault();
  field.focus();
});
