"""Requests that say that the treatment has already been rendered."""

import datetime as dt

import pytest

from cases.letters.requests.retrospective import find_retrospective


def words(text, decided=None):
    found = find_retrospective(text, decided)
    return found and text[slice(*found)]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ("Retrospective CT scan of the neck (DOS 11/18/16)", "Retrospective"),
        ("RETRO: x-ray of the hand", "RETRO"),
        ("Retro request for a urine drug screen", "Retro"),
        ("Retro-review of an MRI", "Retro"),
        ("Retrospectively, 12 visits", "Retrospectively"),
        ("Cyclobenzaprine 5mg #30 DOS: 11/14/16", "DOS: 11/14/16"),
        ("Urine screen, date of service 12/13/2016", "date of service 12/13/2016"),
        ("Therapy, dates of service from 10/1/16", "dates of service from 10/1/16"),
        ("MRI performed on October 5, 2016", "performed on October 5, 2016"),
        ("Norco #60 dispensed 9-28-2016", "dispensed 9-28-2016"),
        ("Norco #60 (DOS October 2016)", "DOS October 2016"),
    ],
)
def test_a_request_says_so_or_names_a_past_date_of_service(request_, said):
    assert words(request_) == said


@pytest.mark.parametrize(
    "request_",
    [
        "Prospective physical therapy 2x6",
        "MRI of the knee",
        "MRI per the report dated 10/1/16",
        "Norco #60 between 1/2/2015 and 3/1/2015",
        "Retro-patellar pain brace",
        "Retrocalcaneal bursa injection",
        "Physical therapy after surgery performed on 10/1/2016",
        "Therapeutic exercise, DOS unknown",
        "Injection DOS 13/45/2016",
    ],
)
def test_other_requests_are_not_retrospective(request_):
    assert words(request_) is None


def test_a_date_of_service_after_the_decision_is_planned():
    decided = dt.date(2017, 1, 5)
    assert words("MRI DOS 3/1/2017", decided) is None
    assert words("MRI DOS 1/4/2017", decided) == "DOS 1/4/2017"
    assert words("MRI, date of service March 2018", decided) is None
