"""Migrations can be taken back, with cases on file, and applied again."""

import sqlite3

from tests.postgres import run_script

BACK_AND_FORTH = """
from django.core.management import call_command
from django.http import QueryDict
import imrsite.urls  # with them come the lists
from cases.lists.definition import LISTS, listing
from cases.analysis.precedents import precedents_of_request

QUERIES = ("", "decision=upheld", "q=request:therapy", "annotated=true")

def figures():
    counts = [listing(QueryDict(query), LISTS["issues"]).count for query in QUERIES]
    assert all(counts), counts
    return counts, precedents_of_request("Physical therapy").similar

call_command("migrate", verbosity=0)
call_command("synthesize", "30", verbosity=0)
before = figures()
call_command("migrate", "cases", "0007", verbosity=0)
call_command("migrate", verbosity=0)
assert figures() == before, (figures(), before)
print("and back")
"""


def test_the_latest_migrations_can_be_taken_back_and_applied_again(tmp_path):
    done = run_script(BACK_AND_FORTH, f"sqlite:///{tmp_path / 'db.sqlite3'}")
    assert "and back" in done.stdout, done.stderr
    with sqlite3.connect(tmp_path / "db.sqlite3") as database:
        ((documents,),) = database.execute("SELECT count(*) FROM document_index")
        ((notes, lacking),) = database.execute(
            "SELECT count(*), sum(case_number = '') FROM reviews_annotation"
        )
        ((indexed,),) = database.execute("SELECT count(*) FROM annotation_index")
        ((lacking_words,),) = database.execute("SELECT count(*) FROM cases_issue WHERE asked = ''")
        ((issues, of_index),) = database.execute(
            "SELECT (SELECT count(*) FROM cases_issue), (SELECT count(*) FROM issue_index)"
        )
    assert documents == 30
    assert notes == indexed > 0
    assert lacking == 0
    assert lacking_words < issues == of_index > 30


MADE_ANEW = """
from django.core.management import call_command
from django.db import connection

def asked(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()

rows = "SELECT rowid, words FROM issue_index ORDER BY rowid"
call_command("synthesize", "60", verbosity=0)
before = asked(rows)
call_command("migrate", "cases", "0008", verbosity=0)
call_command("migrate", verbosity=0)
assert asked(rows) == before
print("made anew")
"""


def test_tables_of_words_made_anew_on_postgresql_hold_the_same_rows(postgres):
    done = run_script(MADE_ANEW, postgres)
    assert "made anew" in done.stdout, done.stderr
