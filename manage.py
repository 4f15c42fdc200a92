#!/usr/bin/env python
import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imrsite.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from imrsite.running.private import use_private_umask

    use_private_umask()
    try:
        if sys.argv[1:2] == ["parse"]:
            parse()
        else:
            execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"Wrong setting: {error}")


def parse() -> None:
    """Reads files without the database: to load apps and models would take longer than a letter."""
    from cases.management.commands.parse import Command

    Command().run_from_argv(sys.argv)


if __name__ == "__main__":
    main()
