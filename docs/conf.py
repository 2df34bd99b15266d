"""How Sphinx builds the site: ``python -m sphinx -W docs docs/_build``."""

from __future__ import annotations

import sys
from pathlib import Path

from cambodia_tip.package import open_package

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

_package = open_package()

project = "cambodia-tip"
author = "cambodia-tip contributors"
copyright = f"{_package.descriptor['created'][:4]}, {author}"
version = release = _package.version

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    "data_dictionary",
    "explorer",
    "pictures",
]
exclude_patterns = ["_build", "node_modules", "reliability/*.csv"]
nitpicky = True

myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "pydata_sphinx_theme"
html_title = f"cambodia-tip {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_context = {"default_mode": "auto"}  # unset, the theme calls it an error in the console
html_theme_options = {
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": False,
}
