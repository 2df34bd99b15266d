"""Where PyInstaller finds what an application that it freezes needs of this package."""


def hook_folders() -> list[str]:
    """The folder with the hook; PyInstaller asks for it by an entry point."""
    return list(__path__)
