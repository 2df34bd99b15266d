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

/* What was searched for goes along to the explorer, which finds figures and the words of quotes. */
document.addEventListener("DOMContentLoaded", () => {
  const words = new URLSearchParams(location.search).get("q");
  const link = document.querySelector(".tip-search-rows");
  if (link && words) link.href += `?${new URLSearchParams({ words })}`;
});
