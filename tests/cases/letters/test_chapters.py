"""Chapters of the MTUS cited by year, several under one opening."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.letters.citations.catalogue import CURRENT, GUIDELINES
from cases.letters.citations.find import find_citations

LOW_BACK = ("MTUS", "Low Back Complaints", "2004")
CHRONIC = ("MTUS", "Chronic Pain Medical Treatment Guidelines", "2016")
OPIOIDS = ("MTUS", "Opioids", "2016")
ODG = ("ODG", "Official Disability Guidelines", None)


def cited(words):
    return [
        (one.source, one.guideline, one.edition, one.section)
        for one in find_citations(f"Decision based on {words}")
    ]


CITED = {
    "MTUS Low Back Complaints 2004.": [(*LOW_BACK, None)],
    "MTUS Low Back Complaints 2004, Section(s): Special Studies, Summary.": [
        (*LOW_BACK, "Special Studies, Summary"),
    ],
    "MTUS Elbow Complaints 2007, and Forearm, Wrist, and Hand Complaints 2004, Section(s):"
    " Summary.": [
        ("MTUS", "Elbow Disorders", "2007", None),
        ("MTUS", "Forearm, Wrist, and Hand Complaints", "2004", "Summary"),
    ],
    "MTUS Postsurgical Treatment 2009, Section(s): Forearm, Wrist, & Hand, and Chronic Pain Medical"
    " Treatment 2016, Section(s): Physical medicine treatment.": [
        ("MTUS", "Postsurgical Treatment Guidelines", "2009", "Forearm, Wrist, & Hand"),
        (*CHRONIC, "Physical medicine treatment"),
    ],
    "MTUS Chronic Pain Medical Treatment 2016 Guidelines, Section(s): NSAIDs, GI symptoms &"
    " cardiovascular risk.": [(*CHRONIC, "NSAIDs, GI symptoms & cardiovascular risk")],
    "MTUS Opioid Treatment 2016, Section(s): 3.3.9 Opioids for Chronic Pain and Chronic Opioid"
    " Treatment: Maintenance, 4.1 Tapering Opioids: Indications.": [
        (
            *OPIOIDS,
            "3.3.9 Opioids for Chronic Pain and Chronic Opioid Treatment: Maintenance,"
            " 4.1 Tapering Opioids: Indications",
        ),
    ],
    "MTUS Opioid Treatment 2016, Section(s): 3. Opioids for Chronic Pain.": [
        (*OPIOIDS, "3. Opioids for Chronic Pain"),
    ],
    "MTUS General Approaches 2004, Section(s): Initial Approaches to Treatment,"
    " Work-Relatedness.": [
        ("MTUS", "General Approaches", "2004", "Initial Approaches to Treatment, Work-Relatedness"),
    ],
    "MTUS Stress-Related Conditions 2004, and Acupuncture Treatment 2007.": [
        ("MTUS", "Stress Related Conditions", "2004", None),
        ("MTUS", "Acupuncture Medical Treatment Guidelines", "2007", None),
    ],
    "MTUS Low Back Complaints 2004, Section(s): Initial Care. Decision based on Non-MTUS Citation"
    " Official Disability Guidelines (ODG), Low Back, Chronic Pain 2016.": [
        (*LOW_BACK, "Initial Care"),
        (*ODG, "Low Back, Chronic Pain 2016"),
    ],
    "MTUS Low Back Complaints 2004, and Official Disability Guidelines (ODG) Low Back.": [
        (*LOW_BACK, None),
        (*ODG, "Low Back"),
    ],
    # Today's chapters keep their printed names, and one that the catalogue lacks is the MTUS's.
    "MTUS Low Back Disorders 2019, Section(s): Diagnostic Testing, and Opioids 2017.": [
        ("MTUS", "Low Back Disorders", "2019", "Diagnostic Testing"),
        ("MTUS", "Opioids", "2017", None),
    ],
    "MTUS Chronic Pain 2017, and Workplace Mental Health: Depressive Disorders 2020.": [
        ("MTUS", "Chronic Pain", "2017", None),
        ("MTUS", "Workplace Mental Health: Depressive Disorders", "2020", None),
    ],
    "MTUS Occupational Hearing Loss 2021, Section(s): Screening.": [
        ("MTUS", "Occupational Hearing Loss", "2021", "Screening"),
    ],
    # Misspelt.
    "MTUS Chonic Pain Medical Treament 2016, and Lower Back Complants 2004.": [
        (*CHRONIC, None),
        (*LOW_BACK, None),
    ],
    "NonMTUS Citation Offical Disability Guidlines, Low Back (updated 11/23/16), MRI's.": [
        (*ODG, "Low Back (updated 11/23/16), MRI's"),
    ],
    "Non-MTUS Official Disability Guidelines, Neck (Online Version): MRI.": [
        (*ODG, "Neck (Online Version): MRI"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("words", CITED)
def test_what_stands_behind_decision_based_on(words):
    assert cited(words) == CITED[words]


@pytest.mark.parametrize("side", ["The Claims Administrator", "The Expert Reviewer"])
def test_that_a_side_went_outside_of_the_mtus_is_no_citation(side):
    outside = f"{side} based their decision on recommendation(s) outside of the MTUS Guidelines."
    assert find_citations(outside) == ()
    (one,) = find_citations(f"{outside} Decision based on Non-MTUS Citation ODG, Head, CT.")
    assert (one.source, one.section) == ("ODG", "Head, CT")


@pytest.mark.parametrize(
    ("words", "works"),
    [
        (
            "Wheeless’ Textbook of Orthopaedics and Official Disability Guidelines (ODG), Knee.",
            [("other", "Wheeless’ Textbook of Orthopaedics", None), ("ODG", ODG[1], "Knee")],
        ),
        (
            "Official Disability Guidelines (ODG), Pain, Insomnia treatment and FDA: Ambien label.",
            [("ODG", ODG[1], "Pain, Insomnia treatment"), ("other", "FDA: Ambien label", None)],
        ),
        (
            "ODG Knee/DME and Other Medical Treatment Guidelines https://www.cms.gov/a/R148CIM.pdf.",
            [("ODG", ODG[1], "Knee/DME"), ("other", "https://www.cms.gov/a/R148CIM.pdf", None)],
        ),
        (
            "Other Medical Treatment Guideline or Medical Evidence: Gilman's Pharmacology, 12th ed."
            " McGraw Hill, 2010.",
            [("other", "Gilman's Pharmacology, 12th ed. McGraw Hill, 2010", None)],
        ),
        (
            "ACOEM Occupational Medicine Practice Guidelines, 3rd ed., Shoulder Disorders, pg. 64.",
            [("ACOEM", "Shoulder Disorders", None)],
        ),
    ],
)
def test_works_that_the_catalogue_lacks_and_their_neighbours_keep_apart(words, works):
    found = find_citations(f"Decision based on Non-MTUS Citation {words}")
    assert [(one.source, one.guideline, one.section) for one in found] == works


def test_an_edition_belongs_to_the_mtus_alone():
    (one,) = find_citations("Decision based on MTUS Chronic Pain Treatment Guidelines (2009).")
    assert one.edition == "2009"
    (one,) = find_citations("Decision based on Non-MTUS Citation ACOEM, 2nd Edition (2004).")
    assert one.edition is None


@pytest.mark.parametrize("guideline", [*CURRENT, *GUIDELINES], ids=lambda one: one.name)
@given(data=st.data())
def test_every_name_begins_with_three_letters_that_the_catalogue_gives(guideline, data):
    """A chapter is looked for by them alone."""
    ascii_only = st.characters(codec="ascii")
    name = data.draw(st.from_regex(guideline.form, fullmatch=True, alphabet=ascii_only))
    assert name[:3].lower() in guideline.starts
    assert guideline.is_called(name)
