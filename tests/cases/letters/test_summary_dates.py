"""Which dates of a summary are those of the UR decision and of the injury."""

import datetime as dt

import pytest

from cases.letters.header.summary_dates import find_summary_dates, is_injury_date, is_ur_date

UR = dt.date(2016, 11, 3)
INJURY = dt.date(2016, 11, 5)


def ur_dates(text):
    return [one.date for one in find_summary_dates(text) if is_ur_date(one)]


def injury_dates(text):
    return [one.date for one in find_summary_dates(text) if is_injury_date(one)]


@pytest.mark.parametrize(
    "text",
    [
        "On 11-3-16, utilization review determined that an MRI was not necessary.",
        "On 11-3-2016 Utilization Review (UR) non-certified the request.",
        "On November 3, 2016 the Utilization Review determined the requests for visits.",
        "The original Utilization Review (UR) (11-3-2016) denied a request for visits.",
        "The original utilization review 11-03-2016 modified the request.",
        "The original utilization review, dated 11-03-2016, non-certified the request.",
        "In a utilization review report dated 11/03/2016, the request was denied.",
        "The UR dated 11-3-16 non-certified the request.The worker disagrees.",
        "The UR (utilization review board) denied certification on November 3, 2016; for an MRI.",
        "The Utilization Review report, with a decision date of 11-03-2016, non-certified it.",
        "According to utilization review dated 11/03/2016, the request is non-certified.",
        "Utilization review form dated 11-03-2016 noted eight sessions.",
        "The prior determination on 11/03/2016 denied the request due to a lack of findings.",
        "The prior review, dated 11/03/2016, indicated that the request was non-certified.",
        "A prior denial was made on 11/03/2016 for the consultation.",
        "The previous denial for the requests below was on 11/03/2016.",
        "The previous determination letter, dated 11/03/2016, indicated a lack of evidence.",
        "The request was previously reviewed on 11/03/2016.",
        "This case has been previously reviewed and denied on 11/03/2016 for no documentation.",
        "The requests were previously denied on 11/03/2016. The drug was denied before.",
        "The request was non-certified by utilization review on 11/03/2016.",
        "On 11-3-2016, the request for a drug, 50 mg, was non-certified by Utilization Review.",
        "On November 3, 2016, a request for an MRI was denied by utilization review.",
    ],
)
def test_the_date_of_the_ur_decision(text):
    assert ur_dates(f"The worker was seen on 10/1/2016. {text}") == [UR]


@pytest.mark.parametrize(
    "text",
    [
        "The Request for Authorization was signed on 11/03/2016.",
        "The report reviewed by Utilization Review (UR) was dated 11-03-2016.",
        "The request was submitted to utilization review on 11/03/2016.",
        "On 11-3-16 a request was received for visits and was denied by utilization review.",
        "The Decision Date of the prior review was 11/03/2016.",
        "An earlier request was denied on 11/03/2016.",
        "X-rays were reviewed on 11/03/2016 and denied a fracture.",
        "The worker denied chest pain on 11/03/2016.",
    ],
)
def test_dates_of_other_things_are_not_taken_for_it(text):
    assert ur_dates(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "This case involves a 45-year-old with a history of an occupational claim from 11/05/2016.",
        "The worker sustained an industrial injury on 11-5-16.",
        "who sustained an industrial-work injury on November 5, 2016.",
        "The date of injury is 11/ 05/ 2016.",
        "A work related injury or illness from 11/05/2016 is claimed.",
    ],
)
def test_the_date_of_the_injury(text):
    assert injury_dates(text) == [INJURY]


@pytest.mark.parametrize(
    "text",
    [
        "The doctor's first report of occupational injury or illness from 11/05/2016 says so.",
        "She had a prior industrial injury on 11/05/2016.",
        "The injured worker was seen on 11/05/2016.",
    ],
)
def test_dates_of_other_injuries_and_reports_are_not_taken_for_it(text):
    assert injury_dates(text) == []


def test_a_year_that_cannot_be_is_read_as_printed():
    text = "On November 3, 3016, a request for an MRI was denied by utilization review."
    assert ur_dates(text) == [dt.date(3016, 11, 3)]
