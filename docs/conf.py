"""How Sphinx builds the site: ``python -m sphinx -W -d docs/_doctrees docs docs/_build``.

What Sphinx keeps for its next build holds paths of the machine; ``-d`` keeps it out of the site.
"""

from __future__ import annotations

import re
import sys
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

import cambodia_tip as tip
from cambodia_tip.package.opening import open_package

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

_package = open_package()

project = "cambodia-tip"
author = "cambodia-tip contributors"
copyright = f"{_package.descriptor['created'][:4]}, {author}"  # noqa: A001 - its name in Sphinx
version = release = _package.version

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    "data_dictionary",
    "downloads",
    "evidence",
    "explorer",
    "pictures",
]
exclude_patterns = ["_build", "_doctrees", "node_modules", "reliability/*.csv", "examples/**"]
templates_path = ["_templates"]
nitpicky = True

_doubted = tip.load("caveats").query("kind == 'doubted'")["id"]
_doubts = tip.load("row_caveats").query("caveat_id in @_doubted")

myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist", "substitution"]
myst_heading_anchors = 3
myst_substitutions = {  # what a page says of the data is counted when it is built
    "version": _package.version,
    "tables": len(tip.tables()),
    "rows": f"{tip.tables()['rows'].sum():,}",
    "documents": int(tip.load("sources")["bytes"].count()),
    "not_held": int(tip.load("sources")["bytes"].isna().sum()),
    "figures": len(tip.observations(warn=False)),
    "citation": tip.cite(),
    "doubts": len(_doubted),
    "doubted_rows": _doubts["row_id"].nunique(),
    "doubted_figures": int(tip.observations(warn=False)["id"].isin(_doubts["row_id"]).sum()),
}

# The command is typed, its prompt and its output are not.
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True

# In docstrings, `load` is a link where there is such a name, and a column or a code elsewhere.
default_role = "py:obj"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_member_order = "bysource"
autodoc_type_aliases = {name: name for name in ("TableName", "Rows")}
napoleon_use_ivar = True
python_use_unqualified_type_names = True
nitpick_ignore_regex = [
    ("py:obj", r"[a-z_]+|Int64|Float64|datetime64\[s\]|Categorical"),  # columns and dtypes
    ("py:.*", r"(pd|pandas|pandera|polars|cambodia_tip.package|pathlib|collections|click|os)\..*"),
    ("py:.*", r"(Any|Callable|Iterable|Iterator|Literal|Package|Path|Rows)"),
]

html_theme = "pydata_sphinx_theme"
html_title = f"cambodia-tip {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_context = {"default_mode": "auto"}  # unset, the theme calls it an error in the console
html_favicon = "_static/mark.svg"
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
html_domain_indices = False
html_sidebars = {
    page: []
    for page in ("answers", "index", "start", "explorer", "pictures", "search", "without-python")
}
html_theme_options = {
    "logo": {
        "text": project,
        "image_light": "_static/mark.svg",
        "image_dark": "_static/mark.svg",
        "alt_text": "",
    },
    "navbar_align": "left",
    "navbar_end": ["versions", "theme-switcher"],
    "header_links_before_dropdown": 8,
    "footer_start": ["footer-about"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": False,
    "show_toc_level": 2,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}

_LONGEST_DESCRIPTION = 200


def describe(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Give a page that does not describe itself its first paragraph as description."""
    if 'name="description"' in (context.get("metatags") or ""):
        return
    paragraph = next(iter(doctree.findall(nodes.paragraph)), None) if doctree else None
    words = (
        paragraph.astext()
        if paragraph
        else f"{context.get('title', 'Search')}: {_package.descriptor['title']}"
    )
    text = " ".join(words.split())
    if len(text) > _LONGEST_DESCRIPTION:
        text = text[:_LONGEST_DESCRIPTION].rpartition(" ")[0] + " …"
    tag = f'<meta name="description" content="{escape(text)}" />'
    context["metatags"] = f"{context.get('metatags') or ''}\n{tag}"


def plain_signature(
    app: Sphinx, what: str, name: str, value: object, options: object, signature: str, returns: str
) -> tuple[str, str] | None:
    """Write a signature as the source does: Sphinx 9.0 spells aliases in unions by their repr."""
    if not signature:
        return None
    plain = re.sub(r"TypeAliasForwardRef\('(\w+)'\)", r"\1", signature)
    return plain.replace("<built-in function iter>", "iter"), returns


def setup(app: Sphinx) -> None:
    """Register with Sphinx."""
    app.connect("autodoc-process-signature", plain_signature)
    app.connect("html-page-context", describe)
