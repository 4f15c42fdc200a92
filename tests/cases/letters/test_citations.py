"""Guideline text → citations, in every era's way of citing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.letters.citations.catalogue import GUIDELINES
from cases.letters.citations.find import find_citations, find_entries
from cases.letters.citations.mentions import find_mentions

CHRONIC = "Chronic Pain Medical Treatment Guidelines"
ODG = "Official Disability Guidelines"
OTHER = "Non-MTUS Citation Other Medical Treatment Guideline or Medical Evidence"


def keys(found):
    return [(one.source, one.guideline, one.section, [list(p) for p in one.pages]) for one in found]


LABELLED = {
    "MTUS Chronic Pain Treatment Guidelines Page(s): 125-126": (
        "MTUS", CHRONIC, None, [[125, 126]],
    ),
    "MTUS: Chronic Pain Medical Treatment Guidelines": ("MTUS", CHRONIC, None, []),
    "MTUS Chronic Pain Treatment Guidelines Work Conditioning, Work Hardening topic Page(s):"
    " 125.": (
        "MTUS", CHRONIC, "Work Conditioning, Work Hardening", [[125, 125]],
    ),
    "MTUS Chronic Pain Treatment Guidelines, Opioids, criteria for use Page(s): 74-80, 93": (
        "MTUS", CHRONIC, "Opioids, criteria for use", [[74, 80], [93, 93]],
    ),
    "the California Medical Treatment Utilization Schedule (MTUS), Chronic Pain Medical Treatment"
    " Guidelines, Opioids, pages 78 of 127": ("MTUS", CHRONIC, "Opioids", [[78, 78]]),
    "Chronic Pain Medical Treatment Guidelines, 8 C.C.R. 9792.20 - 9792.26": (
        "MTUS", CHRONIC, None, [],
    ),
    "MTUS 9792.24.2, page 8": ("MTUS", CHRONIC, None, [[8, 8]]),
    "MTUS ACOEM Chapter 12 Low Back Complaints Page(s): 303-305": (
        "MTUS", "Low Back Complaints", None, [[303, 305]],
    ),
    "MTUS ACOEM Chapter 9 (Shoulder Complaints), Table 9-6, page 213": (
        "MTUS", "Shoulder Complaints", "Table 9-6", [[213, 213]],
    ),
    "MTUS Low Back Complaints 2004, Section(s): Special Studies, Initial Care": (
        "MTUS", "Low Back Complaints", "Special Studies, Initial Care", [],
    ),
    "MTUS Opioids 2016": ("MTUS", "Opioids", None, []),
    "MTUS Elbow Complaints 2007, Section(s): Diagnostic Criteria.": (
        "MTUS", "Elbow Disorders", "Diagnostic Criteria", [],
    ),
    "MTUS Forearm, Wrist & Hand Complaints 2004": (
        "MTUS", "Forearm, Wrist, and Hand Complaints", None, [],
    ),
    "MTUS ACOEM Chapter 3 Initial Approaches to Treatment Page(s): 48": (
        "MTUS", "General Approaches", None, [[48, 48]],
    ),
    "Non-MTUS Citation ACOEM Guidelines Chapter 9 Shoulder Complaints, Table 9-6, page 213": (
        "ACOEM", "Shoulder Complaints", "Table 9-6", [[213, 213]],
    ),
    "Non-MTUS Citation Official Disability Guidelines (ODG), Knee & Leg Chapter, MRI's": (
        "ODG", ODG, "Knee & Leg Chapter, MRI's", [],
    ),
    "Non-MTUS Citation ODG Neck and Upper Back (Acute & Chronic), Traction": (
        "ODG", ODG, "Neck and Upper Back (Acute & Chronic), Traction", [],
    ),
    f"{OTHER}: J Bone Joint Surg Am. 2010; 92 Suppl 2: 187-194": (
        "other", "J Bone Joint Surg Am. 2010; 92 Suppl 2: 187-194", None, [],
    ),
    f"{OTHER}: http://www.drugs.com/soma.html.": (
        "other", "http://www.drugs.com/soma.html", None, [],
    ),
    f"{OTHER}: Official Disability Guidelines (ODG), Pain Chapter": (
        "ODG", ODG, "Pain Chapter", [],
    ),
    "the Chronic Pain Medical Treatment Guidelines, section Weaning, pages 4-5": (
        "MTUS", CHRONIC, "Weaning", [[4, 5]],
    ),
    "MTUS Chronic Pain Medical Treatment Guidelines 9792.20 - 9792.26 MTUS (Effective July 18,"
    " 2009) Page(s): 22,67-68": ("MTUS", CHRONIC, None, [[22, 22], [67, 68]]),
    "the MTUS Chronic Pain Guidelines (Weaning), p. 76-78, 88-89, 2009": (
        "MTUS", CHRONIC, "Weaning", [[76, 78], [88, 89]],
    ),
    "MTUS Acupuncture Medical Treatment Guidelines 9792.24.1(c)(1)": (
        "MTUS", "Acupuncture Medical Treatment Guidelines", None, [],
    ),
    "the Elbow Complaints (ACOEM Practice Guidelines, 2nd Edition (2004), Chapter 10), page 40": (
        "MTUS", "Elbow Disorders", None, [[40, 40]],
    ),
    "the MTUS Knee Complaints Chapter (ACOEM Practice Guidelines, 2nd Edition (2004), Chapter"
    " 13), pages 341-343, Table 13-5": (
        "MTUS", "Knee Complaints", "Table 13-5", [[341, 343]],
    ),
    "MTUS ACOEM Practice Guidelines, 2nd Edition (2004), Chapter 12 (Low Back Complaints),"
    " page(s) 303-305": ("MTUS", "Low Back Complaints", None, [[303, 305]]),
    "Non-MTUS Citation ACOEM Guidelines, 3rd Edition, Low Back Disorders, Table 2": (
        "ACOEM", "Low Back Disorders", "Table 2", [],
    ),
    "Non-MTUS Citation ACOEM, Chapter 12 Low Back Disorders, page 9": (
        "ACOEM", "Low Back Complaints", None, [[9, 9]],
    ),
    "MTUS ACOEM Low Back Disorders": ("MTUS", "Low Back Complaints", None, []),
    "Non-MTUS Citation ACOEM, Hip and Groin Disorders, page 12": (
        "ACOEM", "Hip and Groin Disorders", None, [[12, 12]],
    ),
    "the Chronic Pain Medical Treatment Guidelines, section on Weaning, page 4": (
        "MTUS", CHRONIC, "Weaning", [[4, 4]],
    ),
    "the Official Disability Guidelines (ODG), Treatment in Workers' Compensation, Hernia": (
        "ODG", ODG, "Hernia", [],
    ),
    "Non-MTUS Citation ODG, Hernia (updated 08/04/14), Surgery": (
        "ODG", ODG, "Hernia (updated 08/04/14), Surgery", [],
    ),
    "ODG-TWC, Low Back, Discography": ("ODG", ODG, "Low Back, Discography", []),
    "Non-MTUS Citation Official Disability Guidelines (ODG) Treatment Index, 11th Edition (web),"
    " 2014, Hernia Chapter": ("ODG", ODG, "Hernia Chapter", []),
    "Non-MTUS Citation http://www.odg-twc.com/odgtwc/pain.htm#Weaning": (
        "other", "http://www.odg-twc.com/odgtwc/pain.htm#Weaning", None, [],
    ),
    "Non-MTUS Citation ODG, Pain, http://www.odg-twc.com/index.html": (
        "ODG", ODG, "Pain, http://www.odg-twc.com/index.html", [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("words", LABELLED)
def test_what_stands_behind_decision_based_on(words):
    [found] = keys(find_citations(f"Decision based on {words}"))
    assert found == LABELLED[words]


@pytest.mark.parametrize(
    ("written", "pages"),
    [
        ("Page(s): 125-126", [[125, 126]]),
        ("pages 74-80, 93", [[74, 80], [93, 93]]),
        ("page 78 of 127", [[78, 78]]),
        ("Pages 76–80", [[76, 80]]),
        ("pages 8 & 9", [[8, 8], [9, 9]]),
        ("pages 8 and 9", [[8, 8], [9, 9]]),
        ("pg. 22", [[22, 22]]),
        ("Page(s) 43, 74-82", [[43, 43], [74, 82]]),
        ("pgs. 12, 15, and 17", [[12, 12], [15, 15], [17, 17]]),
        ("pp. 300-5", [[300, 305]]),
        ("page 12, 2009", [[12, 12]]),
        ("2009", []),
        ("Table 12-8", []),
    ],
)
def test_page_lists_of_all_shapes_and_never_a_guess(written, pages):
    text = f"Decision based on MTUS Chronic Pain Treatment Guidelines, {written}."
    assert [list(one) for one in find_citations(text)[0].pages] == pages


@pytest.mark.parametrize(
    "silence",
    [
        "The Claims Administrator did not cite any medical evidence for its decision.",
        "The Claims Administrator did not base their decision on the MTUS.",
        "The MTUS does not address this request.",
        "The MTUS and ACOEM do not address this item.",
        "California MTUS guidelines are silent on the topic.",
        "The Claims Administrator based its decision on no specific guideline.",
        "The Claims Administrator based its decision on a lack of documentation.",
        "The Expert Reviewer found the guidelines used by the Claims Administrator appropriate.",
        "Decision not based on any guideline.",
        "The Expert Reviewer's decision was not based on the MTUS.",
        "The Claims Administrator did not cite any evidence basis for its decision.",
        "The Physician Reviewer found that no section of the MTUS was applicable.",
        "None.",
        "N/A",
        "",
    ],
)
def test_a_silent_side_cites_nothing(silence):
    assert find_citations(silence) == ()


def test_each_statement_of_a_side_is_a_citation():
    text = (
        "Decision based on MTUS Chronic Pain Treatment Guidelines Page(s): 125-126.  Decision based"
        " on Non-MTUS Citation Official Disability Guidelines (ODG)"
    )
    found = find_citations(text)
    assert keys(found) == [("MTUS", CHRONIC, None, [[125, 126]]), ("ODG", ODG, None, [])]
    assert text[found[0].start : found[0].end] == (
        "MTUS Chronic Pain Treatment Guidelines Page(s): 125-126"
    )


def test_one_statement_may_hold_several_citations():
    text = (
        "Decision based on MTUS ACOEM Chapter 8 Neck and Upper Back Complaints Page(s): 177; ODG,"
        f" Pain Chapter; {OTHER}: FDA label, Ambien; MTUS Chronic Pain Guidelines page 5"
    )
    assert keys(find_citations(text)) == [
        ("MTUS", "Neck and Upper Back Complaints", None, [[177, 177]]),
        ("ODG", ODG, "Pain Chapter", []),
        ("other", "FDA label, Ambien", None, []),
        ("MTUS", CHRONIC, None, [[5, 5]]),
    ]


def test_what_parts_citations_does_not_matter():
    """Semicolons, sentences, "and"; sources known by name, and others known as sources."""
    cited = [
        ("MTUS", CHRONIC, None, [[74, 95], [124, 124]]),
        ("ODG", ODG, "Low Back, Discography", []),
        ("MTUS", "Low Back Complaints", "Special Studies", []),
    ]
    first, second, third = (
        "MTUS Chronic Pain Treatment Guidelines, pages 74-95, 124",
        "ODG-TWC, Low Back, Discography",
        "MTUS Low Back Complaints 2004, Section(s): Special Studies",
    )
    for joint in ("; ", ". ", " and ", "; and ", ", and the "):
        text = f"Decision based on {first}{joint}{second}{joint}{third}."
        assert keys(find_citations(text)) == cited, joint


def test_guidelines_listed_by_year_are_told_from_sections():
    text = (
        "Decision based on MTUS Knee Complaints 2004, Section(s): Special Studies, Summary, and"
        " Acupuncture Treatment 2007, and Chronic Pain Medical Treatment 2009, Section(s): Weaning."
    )
    assert keys(find_citations(text)) == [
        ("MTUS", "Knee Complaints", "Special Studies, Summary", []),
        ("MTUS", "Acupuncture Medical Treatment Guidelines", None, []),
        ("MTUS", CHRONIC, "Weaning", []),
    ]


@pytest.mark.parametrize("joint", ["; ", ". ", "; and the "])
@pytest.mark.parametrize(
    "source",
    ["www.drugs.com", "http://www.drugs.com/x.html", "Heart Society practice guidelines"],
)
def test_an_unknown_source_behind_a_known_one_is_its_own_citation(joint, source):
    text = f"Decision based on ODG, Hernia Chapter{joint}{source}."
    assert keys(find_citations(text)) == [
        ("ODG", ODG, "Hernia Chapter", []),
        ("other", source, None, []),
    ]


def test_a_topic_with_semicolons_stays_whole():
    text = "Decision based on MTUS Chronic Pain Treatment Guidelines Dosing; Weaning Page(s): 8."
    assert keys(find_citations(text)) == [("MTUS", CHRONIC, "Dosing; Weaning", [[8, 8]])]


def test_what_is_used_when_the_mtus_does_not_apply_is_cited():
    text = (
        "The Physician Reviewer found that no section of the MTUS was applicable. Per the Strength"
        " of Evidence hierarchy established by the California Department of Industrial Relations,"
        " Division of Workers' Compensation, the Expert Reviewer based his/her decision on the"
        " Official Disability Guidelines (ODG), Hernia Chapter, which is not part of MTUS, and on"
        " the Physician Desk Reference, which is not part of the MTUS."
    )
    assert keys(find_citations(text)) == [
        ("ODG", ODG, "Hernia Chapter", []),
        ("other", "Physician Desk Reference", None, []),
    ]


def test_sentences_say_themselves_what_is_part_of_the_mtus():
    text = (
        "The Claims Administrator based its decision on the American College of Occupational and"
        " Environmental Medicine (ACOEM) Guidelines, 2nd Edition, 2004, Chapter 13 Knee Complaints,"
        " Initial Care, pages 134, 281, which is part of the MTUS, and the ACOEM Guidelines,"
        " Chapter 9 Shoulder Complaints, which is not part of the MTUS and on PDR.net, Lunesta,"
        " which is not a part of the MTUS."
    )
    assert keys(find_citations(text)) == [
        ("MTUS", "Knee Complaints", "Initial Care", [[134, 134], [281, 281]]),
        ("ACOEM", "Shoulder Complaints", None, []),
        ("other", "PDR.net, Lunesta", None, []),
    ]


def test_a_sentence_after_a_citation_is_no_part_of_its_section():
    text = "Decision based on MTUS Chronic Pain Guidelines, Opioids. The MTUS does not address X."
    assert keys(find_citations(text)) == [("MTUS", CHRONIC, "Opioids", [])]


def test_the_entries_of_a_bare_list_are_found_by_its_lines():
    lines = [
        "MTUS ACOEM Chapter 9 Shoulder Complaints, pages 147 and 197. ",
        "Chou R, et al. Nonpharmacologic therapies. Ann Intern Med. 2007;147(7):492-504 ",
        "ODG, Low Back Chapter. http://www.drugs.com/pro/tizanidine.html",
    ]
    starts = [len("".join(lines[:n])) for n in range(3)]
    assert keys(find_entries("".join(lines), starts)) == [
        ("MTUS", "Shoulder Complaints", None, [[147, 147], [197, 197]]),
        (
            "other",
            "Chou R, et al. Nonpharmacologic therapies. Ann Intern Med. 2007;147(7):492-504",
            None,
            [],
        ),
        ("ODG", ODG, "Low Back Chapter", []),
        ("other", "http://www.drugs.com/pro/tizanidine.html", None, []),
    ]


def test_the_prose_that_says_why_a_guideline_was_chosen_cites_nothing():
    assert find_entries("No guideline was relied upon.", []) == ()
    assert find_entries("The schedule was chosen because it is presumed correct.", []) == ()


def test_guidelines_named_in_a_rationale_keep_only_pages_beside_them():
    text = (
        "As noted on page 125 of the MTUS Chronic Pain Medical Treatment Guidelines, goals matter."
        " ACOEM Chapter 12 agrees; see page 9 of the report."
    )
    assert keys(find_mentions(text)) == [
        ("MTUS", CHRONIC, None, [[125, 125]]),
        ("MTUS", "Low Back Complaints", None, []),
    ]


def test_the_catalogue_has_the_names_that_others_rely_on():
    names = {one.name for one in GUIDELINES if one.source == "MTUS"}
    assert names == {
        CHRONIC, "Low Back Complaints", "Shoulder Complaints", "Neck and Upper Back Complaints",
        "Elbow Disorders", "Forearm, Wrist, and Hand Complaints", "Knee Complaints",
        "Ankle and Foot Complaints", "Stress Related Conditions", "Eye Complaints",
        "Postsurgical Treatment Guidelines", "Acupuncture Medical Treatment Guidelines",
        "General Approaches", "Opioids", "Formulary",
    }  # fmt: skip
    for one in GUIDELINES:
        assert (one.link is not None) == (one.source == "MTUS")


words = st.lists(
    st.sampled_from(
        [
            "Decision",
            "based",
            "on",
            "MTUS",
            "Non-MTUS",
            "Citation",
            "ACOEM",
            "Chapter",
            "12",
            "Low",
            "Back",
            "Complaints",
            "ODG",
            ",",
            ";",
            ".",
            ":",
            "(",
            ")",
            "Page(s):",
            "7-9",
            "and",
            "the",
            "which",
            "is",
            "not",
            "part",
            "of",
            "Opioids",
            "2016",
            "Other",
            "Medical",
            "Treatment",
            "Guideline",
            "or",
            "Evidence:",
            "9792.24.2",
            "Chronic",
            "Pain",
            "Guidelines",
            "None",
            "http://x.org",
        ]
    )
    | st.text(max_size=6),
    max_size=40,
).map(" ".join)


@given(words)
def test_any_text_gives_citations_inside_it_in_order_and_apart(text):
    for found in (find_citations(text), find_entries(text, [5, 20]), find_mentions(text)):
        at = 0
        for one in found:
            assert at <= one.start < one.end <= len(text)
            at = one.end
            assert one.guideline
            assert all(first <= last for first, last in one.pages)
