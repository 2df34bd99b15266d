/* Search shows the lines around a hit by fetching the pages, which a browser refuses to do from a
   local folder. There it lists the titles alone. */
if (location.protocol === "file:") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}
