"""The data, and the modules that are imported only once they are needed."""

from PyInstaller.utils.hooks import (  # type: ignore[import-untyped]
    collect_data_files,
    collect_submodules,
)

datas = collect_data_files("cambodia_tip")
hiddenimports = collect_submodules("cambodia_tip")
