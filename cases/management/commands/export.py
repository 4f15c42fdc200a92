"""`manage.py export`: the CSV that a list gives under the same filters."""

from __future__ import annotations

import sys
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict

from cases.lists.csv_export import CannotExport, csv_lines
from cases.lists.definition import LISTS

EXPORTED = ("cases", "issues", "citations", "annotations")


class Command(BaseCommand):
    help = "Writes the same CSV as the list of this name, under the same filters."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        import_module(settings.ROOT_URLCONF)  # with the addresses come the lists of every app
        parser.add_argument("list", choices=[name for name in EXPORTED if name in LISTS])
        parser.add_argument(
            "--filter",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="As in the list's URL, such as decision=overturned. Can be repeated.",
        )
        parser.add_argument("-o", metavar="FILE", dest="file", help="Instead of standard output.")

    def handle(self, *args: Any, **options: Any) -> None:
        of = LISTS[options["list"]]
        query = self.query(options["filter"], {*of.filterset.base_filters, "columns"})
        try:
            lines = csv_lines(of, query)
        except CannotExport as problem:
            raise CommandError(str(problem)) from problem
        if options["file"]:
            with Path(options["file"]).open("w", encoding="utf-8", newline="") as file:
                file.writelines(lines)
            return
        assert isinstance(sys.stdout, TextIOWrapper)
        sys.stdout.reconfigure(encoding="utf-8", newline="")
        sys.stdout.writelines(lines)

    def query(self, filters: list[str], known: set[str]) -> QueryDict:
        query = QueryDict(mutable=True)
        for one in filters:
            name, is_set, value = one.partition("=")
            if not is_set:
                raise CommandError(f"--filter {one}: write it as NAME=VALUE.")
            if name not in known:
                raise CommandError(f"There is no filter {name}. Known: {', '.join(sorted(known))}.")
            query.appendlist(name, value)
        return query
