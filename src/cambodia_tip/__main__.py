"""``python -m cambodia_tip`` is the command ``cambodia-tip``."""

from .command.cli import main

if __name__ == "__main__":
    main()
