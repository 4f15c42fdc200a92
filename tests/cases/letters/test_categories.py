"""Requests → categories, with the rule that decided."""

import pytest

from cases.letters.categories import categorise

REQUESTS = {
    "pharmaceuticals": [
        "Norco 10/325mg #120", "Terocin lotion", "Tylenol #3", "Refill of medications",
    ],
    "rehabilitation": [
        "Physical therapy 2x6 for the left knee", "Acupuncture 2x4", "Kinesio taping x6",
        "Infrared, myofascial release and electroacupuncture",
    ],
    "diagnostics": [
        "MRI lumbar spine", "EMG/NCV bilateral upper extremities", "Urine drug screen",
        "Quantitative chromatography 42 units",
    ],
    "dmepos": [
        "TENS unit purchase", "Cold therapy unit x 7 days", "Surgi-stim unit", "Inversion table",
    ],
    "injections": ["Epidural steroid injection L5-S1", "Botox 100 units", "Occipital nerve block"],
    "surgery": [
        "Right endoscopic carpal tunnel release (CPT 29848)", "ACDF C5-6", "Assistant surgeon",
        "Manipulation under anesthesia of the shoulder",
    ],
    "evaluation_management": ["Pain management consultation", "Follow-up in 6 weeks"],
    "psychological": ["Cognitive behavioral therapy x 6", "Psych consult"],
    "programs": ["Functional restoration program x 160 hours", "Smoking cessation program"],
    "home_health": ["Home health aide 4 hours a day", "RN home visits"],
    "other": ["Transportation to appointments", "Copies of records"],
}  # fmt: skip
PAIRS = [(request, name) for name, requests in REQUESTS.items() for request in requests]


@pytest.mark.parametrize(("request_", "name"), PAIRS)
def test_a_request_has_its_category(request_, name):
    assert categorise(request_).name == name


def test_the_rule_that_decided_is_told():
    assert categorise("Norco 10/325mg #120").rule == "drug: norco"
    assert categorise("Copies of records").rule == ""


def test_what_the_treatment_is_for_decides_nothing():
    assert categorise("Physical therapy after shoulder arthroscopy").name == "rehabilitation"
