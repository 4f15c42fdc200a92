"""Requests → the parts of the body that they name."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.letters.requests.body_parts import find_body_parts
from cases.letters.requests.treatment_rules import FOLDER

PARTS = {
    "head", "neck", "shoulder", "elbow", "wrist_hand", "upper_back", "low_back", "hip_pelvis",
    "knee", "ankle_foot", "chest_abdomen", "psyche",
}  # fmt: skip


def parts(text):
    return [part.name for part in find_body_parts(text)]


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        ("CT scan of the head", ["head"]),
        ("MRI cervical spine", ["neck"]),
        ("X-rays of both shoulders", ["shoulder"]),
        ("Rotator cuff repair", ["shoulder"]),
        ("Right tennis elbow strap", ["elbow"]),
        ("Hand therapy 2x6", ["wrist_hand"]),
        ("Right carpal tunnel release", ["wrist_hand"]),
        ("Physical therapy, left hand/finger", ["wrist_hand"]),
        ("X-ray of the thoracic spine", ["upper_back"]),
        ("MRI lumbosacral spine", ["low_back"]),
        ("Lumbar-sacral orthosis", ["low_back"]),
        ("Back brace", ["low_back"]),
        ("Mid back massage", ["upper_back"]),
        ("SI joint injection", ["hip_pelvis"]),
        ("Sacroiliac fusion", ["hip_pelvis"]),
        ("ACL reconstruction", ["knee"]),
        ("Partial meniscectomy", ["knee"]),
        ("Knee walker", ["knee"]),
        ("MRI of both feet", ["ankle_foot"]),
        ("Chest x-ray", ["chest_abdomen"]),
        ("Inguinal hernia repair", ["chest_abdomen"]),
        ("Psychotherapy x 6", ["psyche"]),
        ("Psych consult", ["psyche"]),
        ("Acupuncture for neck, right hand and head", ["neck", "wrist_hand", "head"]),
        ("PT for the low back, lumbar spine and knee", ["low_back", "knee"]),
        ("Thoracolumbar brace", ["upper_back", "low_back"]),
        ("Massage, upper and lower back", ["upper_back", "low_back"]),
    ],
)
def test_the_parts_that_a_request_names_in_the_order_of_its_words(request_, named):
    assert parts(request_) == named


@pytest.mark.parametrize(
    ("request_", "named"),
    [
        ("ACDF C5-6", ["neck"]),
        ("ESI at C7-T1", ["neck"]),
        ("TFESI L4-S1", ["low_back"]),
        ("MBB at L3, L4 and L5", ["low_back"]),
        ("Facet injection L4/5", ["low_back"]),
        ("T8 compression fracture", ["upper_back"]),
        ("Epidural at T4-5", ["upper_back"]),
    ],
)
def test_levels_of_the_spine_name_their_region(request_, named):
    assert parts(request_) == named


@pytest.mark.parametrize(
    "request_",
    [
        "EMG/NCV bilateral upper extremities",
        "MRI of the lower leg",
        "Spine specialist consultation",
        "Botox for headache",
        "Cymbalta for depression",
        "Handicap placard",
        "Head-to-toe examination",
        "1 tablet by mouth, call back in a week",
        "Free T4 and T3",
        "Tylenol #3",
        "Backlofen",
        "Kneeling chair",
        "Vitamin C 500mg",
    ],
)
def test_words_that_name_no_part(request_):
    assert parts(request_) == []


def test_a_part_is_named_once_with_the_words_that_name_it_first():
    text = "İ: MRI of the Lumbar Spine, lumbar and L4-5"
    [part] = find_body_parts(text)
    assert text[part.start : part.end] == "Lumbar Spine"


def test_the_catalogue_has_the_contracts_parts():
    tables = tomllib.loads((FOLDER / "body_parts.toml").read_text())
    assert set(tables) - {"several", "none"} == PARTS
    assert all(set(several) <= PARTS for several in tables["several"].values())


@given(st.text(max_size=300))
def test_any_text_gives_parts_within_it(text):
    found = find_body_parts(text)
    assert len({part.name for part in found}) == len(found)
    assert all(0 <= part.start < part.end <= len(text) for part in found)
