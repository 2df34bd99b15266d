"""How Sphinx builds the site: ``python -m sphinx -W -d docs/_doctrees docs docs/_build``.

What Sphinx keeps for its next build holds paths of the machine; ``-d`` keeps it out of the site.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

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
    "charts",
    "data_dictionary",
    "downloads",
    "evidence",
    "explorer",
    "findings",
    "law_pages",
    "page_metadata",
    "record_pages",
    "source_pages",
]
exclude_patterns = ["_build", "_doctrees", "node_modules", "reliability/**", "examples/**"]
templates_path = ["_templates"]
nitpicky = True

_errors = (Path(__file__).parent / "faults.md").read_text(encoding="utf-8")
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
    "citation_short": (
        f"{author}, {project} {_package.version} ({_package.descriptor['created'][:4]}), "
        f"{_package.descriptor['contentHash'][:15]}"
    ),
    "formal_errors": re.findall(r"by `cambodia-tip validate` \| (.*?) \(", _errors)[0],
    "errors_of_meaning": re.findall(r"^Found: (.*?), ", _errors, re.M)[0],
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
    ("py:class", r"tip\..*"),  # as `data_package` writes them
    ("py:.*", r"(Any|Callable|Iterable|Iterator|Literal|Package|Path|Rows)"),
]

html_theme = "pydata_sphinx_theme"
html_title = f"cambodia-tip {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_context = {
    "default_mode": "auto",  # unset, the theme calls it an error in the console
    "header_pages": [
        ("findings/index", "Findings"),
        ("explorer", "Explore"),
        ("sources/index", "Sources"),
        ("data", "Data and citation"),
        ("python/index", "Python"),
        ("method/index", "Method"),
    ],
    "footer_pages": [
        ("findings/disagreements", "Where the documents disagree"),
        ("laws/index", "Laws"),
        ("charts", "All charts"),
        ("writing", "Writing about the data"),
        ("dictionary", "Data dictionary"),
        ("formats", "Export formats and content hash"),
        ("checks", "Checks"),
        ("clients", "Clients"),
        ("changelog", "Changelog"),
        ("contributing", "Contributing"),
        ("method/limits", "Limits and privacy"),
    ],
}
html_favicon = "_static/mark.svg"
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
html_domain_indices = False
_WITHOUT_SIDEBAR = (
    "index explorer charts data writing contributing formats checks clients changelog "
    "search agreement faults benchmarks findings/* sources/* laws/* r/*"
)
html_sidebars: dict[str, list[str]] = {page: [] for page in _WITHOUT_SIDEBAR.split()}
html_theme_options = {
    "logo": {
        "text": project,
        "image_light": "_static/mark.svg",
        "image_dark": "_static/mark.svg",
        "alt_text": "",
    },
    "navbar_align": "left",
    "navbar_start": ["navbar-logo"],
    "navbar_center": ["header-pages"],
    "navbar_persistent": ["search-records"],
    "disable_search": True,  # the field of the theme searches pages; ours searches records
    "navbar_end": ["versions", "theme-switcher"],
    "footer_start": ["footer-about"],
    "footer_end": [],
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": False,
    "show_toc_level": 2,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


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
