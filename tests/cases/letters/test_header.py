"""The header block by position, in the layouts that letters have."""

import pytest

from cases.letters.header.header import read_header
from cases.letters.reading.lines import page_lines

from .pages_of import page_of, table_of

VALUES = {
    "case_number": "CM14-0195168",
    "date_assigned": "2014-12-02",
    "date_of_injury": "2013-09-26",
    "decision_date": "2015-01-16",
    "ur_denial_date": "2014-11-08",
    "priority": "Standard",
    "application_received": "2014-11-21",
}
LAYOUTS = {
    "two columns, the last label wrapped": [
        "Case Number: CM14-0195168",
        "Date Assigned: 12/02/2014\tDate of Injury: 09/26/2013",
        "Decision Date: 01/16/2015\tUR Denial Date: 11/08/2014",
        "Priority: Standard\tApplication",
        "\tReceived: 11/21/2014",
    ],
    "as plain text interleaves it": [
        "Case Number: CM14-0195168",
        "Date Assigned: 12/02/2014 Date of Injury: 09/26/2013",
        "Decision Date: 01/16/2015 UR Denial Date: 11/08/2014",
        "Priority: Standard Application",
        "Received:",
        "11/21/2014",
    ],
    "labels above values": [
        "Case Number:\tDate Assigned:",
        "CM14-0195168\t12/02/2014",
        "Date of Injury:\tDecision Date:",
        "09/26/2013\t01/16/2015",
        "UR Denial Date:\tPriority:",
        "11/08/2014\tStandard",
        "Application Received:",
        "11/21/2014",
    ],
    "long dates right beside wrapped labels": [
        "Case CM14-0195168\tDate December 2, 2014",
        "Number:\tAssigned:",
        "Date of September 26, 2013\tDecision January 16, 2015",
        "Injury:\tDate:",
        "UR Denial November 8, 2014\tPriority: Standard",
        "Date:",
        "Application November 21, 2014",
        "Received:",
    ],
    "cells so full that no space is left": [
        "Case Number:CM14-0195168",
        "Date Assigned:12/02/2014\tDate of Injury:09/26/2013",
        "Decision Date:01/16/2015\tUR Denial Date:11/08/2014",
        "Priority: Standard\tApplication11/21/2014",
        "\tReceived:",
    ],
    "below a title that looks like half a label": [
        "IMR FINAL DETERMINATION",
        "UR Denial Date: 11/8/14",
        "IMR Case Number: CM14-0195168",
        "Date of Injury: 09-26-2013\tDecision Date: 1/16/2015",
        "Date Assigned: 12/2/2014\tPriority: Standard",
        "IMR Application Received: 11/21/2014",
    ],
}


def read(lines):
    fields = read_header(page_lines(page_of(1, lines)))
    return {name: str(field.value) for name, field in fields.items()}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_value_goes_to_its_label(layout):
    assert read(LAYOUTS[layout]) == VALUES


def test_labels_and_dates_wrap_in_the_cells_of_a_justified_table():
    """Four columns: in each cell the words are spread to its edges, but for its last line."""
    cells = [
        (["Case Number:"], ["CM14-", "0195168"], ["Date Assigned:"], ["December 2,", "2014"]),
        (["Date of", "Injury:"], ["September 26,", "2013"], ["Decision", "Date:"], ["1/16/2015"]),
        (["Priority:"], ["Standard"], ["UR Denial", "Date:"], ["November", "8, 2014"]),
        ([""], [""], ["Application", "Received:"], ["11/21/2014"]),
    ]
    page = table_of(1, cells, widths=(90, 85, 90, 85))
    fields = read_header(page_lines(page))
    assert {name: str(field.value) for name, field in fields.items()} == VALUES
    assert len(fields["ur_denial_date"].spans) == 2


def test_a_label_whose_value_is_blanked_out_takes_none_from_its_neighbours():
    lines = ["Case Number: CM14-0195168", "Date Assigned:\tDate of Injury: 09/26/2013", "Priority:"]
    assert read(lines) == {"case_number": "CM14-0195168", "date_of_injury": "2013-09-26"}


def test_a_case_that_prose_mentions_below_the_block_is_not_the_letter_s():
    lines = [
        "Case Number:\tCM14-0195168",
        "Decision Date: 1/16/2015",
        "The IMR case number CM13-0000009 is about another dispute.",
    ]
    assert read(lines)["case_number"] == "CM14-0195168"


def test_a_value_knows_where_it_stands():
    lines = page_lines(page_of(1, ["Case Number: CM14-0195168\tDecision Date: January 16, 2015"]))
    [span] = read_header(lines)["decision_date"].spans
    assert lines[0].text[span.start : span.end] == "January 16, 2015"
    assert len(span.boxes) == 1
