"""Requests → category and subcategory of DWC's taxonomy, with the rule that decided."""

import random
import string
import time
import tomllib
from pathlib import Path

import pytest

from cases.letters.requests.categories import categorise, is_drug_name
from cases.letters.requests.treatment_rules import CLASSES, RULES, SIGNALS

GROUPS = tomllib.loads(Path(__file__).with_name("treatment_requests.toml").read_text())["group"]
SPECIFICATION = [
    (request, group["category"], group.get("subcategory"))
    for group in GROUPS
    for request in group["requests"]
]
SUBCATEGORIES = {
    "rehabilitation": {
        "acupuncture", "chiropractic", "physical_occupational_therapy", "other_therapies",
    },
    "diagnostics": {"imaging", "electrodiagnostic", "laboratory", "other_diagnostic"},
    "dmepos": {"dme", "electrical_stimulation", "prosthetics_orthotics", "supplies"},
    "injections": {"facet_injection", "injection"},
    "surgery": {
        "adjunct_surgical_services", "arthroscopic", "non_arthroscopic", "spine",
        "surgical_consult",
    },
    "evaluation_management": {"dental", "medical_specialties"},
    "psychological": {"psych_evaluation", "psych_therapy"},
    "programs": {None}, "home_health": {None}, "transportation": {None}, "other": {None},
}  # fmt: skip
DRUG_CLASSES = {
    "adrenal_corticosteroids", "alpha_blockers", "androgens_anabolic_steroids", "anxiolytics",
    "anticoagulants", "antidepressants", "antidiabetics", "antiemetics", "anti_epilepsy_drugs",
    "antihistamines", "antihypertensives", "anti_infectives", "antimigraine_agents",
    "asthma_medications", "atypical_antipsychotics", "barbiturates", "benzodiazepines",
    "beta_blockers", "bisphosphonates", "calcium_channel_blockers", "cannabinoids",
    "dopamine_agonists", "fibrates", "gi_agents", "h2_blockers", "hormones", "impotence_agents",
    "injection", "misc_analgesics", "muscle_relaxants", "nsaids", "nutritional_products", "opioids",
    "opioid_antagonists", "proton_pump_inhibitors", "sedative_hypnotics", "statins",
    "topical_analgesics", "topical_compounds", "tnf_modifiers", "viscosupplementation",
    "other_drug",
}  # fmt: skip


def kind(request, others=()):
    found = categorise(request, others)
    return found.name, found.subcategory


@pytest.mark.parametrize(("request_", "category", "subcategory"), SPECIFICATION)
def test_a_request_has_its_category_and_subcategory(request_, category, subcategory):
    assert kind(request_) == (category, subcategory)


def test_the_specification_covers_the_taxonomy():
    covered = {(category, subcategory) for _, category, subcategory in SPECIFICATION}
    wanted = {(name, one) for name, several in SUBCATEGORIES.items() for one in several}
    assert covered == wanted | {("pharmaceuticals", one) for one in DRUG_CLASSES}


def test_the_rule_that_decided_is_told_with_the_words_that_it_matched():
    assert categorise("Norco 10/325mg #120").rule == "drug (opioids): norco"
    assert categorise("MRI of the left knee").rule == "imaging: mri"
    assert categorise("Copies of records").rule == ""


def test_what_the_treatment_is_for_decides_nothing():
    assert kind("Physical therapy after shoulder arthroscopy")[0] == "rehabilitation"
    assert kind("MRI of the lumbar spine to rule out need for surgery")[0] == "diagnostics"
    assert kind("Omeprazole 20mg for gastritis due to Naproxen")[1] == "proton_pump_inhibitors"


@pytest.mark.parametrize(
    "request_",
    ["Medical clearance", "Labs: CBC", "EKG", "Chest x-ray", "PT/PTT", "Urinalysis"],
)
def test_tests_and_clearance_are_adjuncts_in_a_letter_that_asks_for_an_operation(request_):
    adjunct = ("surgery", "adjunct_surgical_services")
    assert kind(request_, ["Physical therapy 2x6"]) != adjunct
    assert kind(request_, ["Physical therapy 2x6", "Right knee arthroscopy"]) == adjunct
    assert kind(f"{request_} for right knee arthroscopy") == adjunct


@pytest.mark.parametrize("request_", ["Urine drug screen", "MRI of the knee", "Norco #60"])
def test_other_requests_of_such_a_letter_keep_their_category(request_):
    assert kind(request_, ["Right knee arthroscopy"]) == kind(request_)


def test_a_consultation_is_no_operation_for_the_rest_of_the_letter():
    assert kind("EKG", ["Consultation with an orthopedic surgeon"])[0] == "diagnostics"


@pytest.mark.parametrize(
    "service", ["Norco #60", "Physical therapy 2x6", "Shoulder brace", "Cold therapy unit"]
)
def test_a_label_of_surgery_decides_whatever_follows(service):
    adjunct = ("surgery", "adjunct_surgical_services")
    assert kind(f"Associated surgical service: {service}") == adjunct
    assert kind(f"Pre-op {service}") == adjunct
    assert kind(f"Post-op {service}") == kind(service) != adjunct


@pytest.mark.parametrize(
    "modality", ["Ultrasound", "Infrared", "Traction", "Electrical stimulation", "Hot packs"]
)
def test_a_schedule_makes_a_modality_rehabilitation(modality):
    assert kind(f"{modality} 2 times a week for 3 weeks") == ("rehabilitation", "other_therapies")
    assert kind(f"{modality} times 6") == ("rehabilitation", "other_therapies")
    assert kind(f"{modality} unit, 30 day rental")[0] == "dmepos"


def test_the_operation_named_first_decides_over_its_adjuncts():
    assert kind("Right knee arthroscopy, pre-op labs, assistant surgeon")[1] == "arthroscopic"


@pytest.mark.parametrize(
    ("misspelt", "drug"),
    [
        ("Cyclobenzeprin 7.5mg", "Cyclobenzaprine 7.5mg"),
        ("Orphenedrine 100mg", "Orphenadrine 100mg"),
        ("Omeprezole 20mg", "Omeprazole 20mg"),
        ("Tizanadine 4mg", "Tizanidine 4mg"),
        ("Mentoderm gel", "Menthoderm gel"),
    ],
)
def test_a_slip_in_a_long_name_is_forgiven(misspelt, drug):
    assert kind(misspelt) == kind(drug)


@pytest.mark.parametrize("word", ["generic", "addition", "completed", "ability", "infection"])
def test_an_english_word_is_no_misspelt_treatment(word):
    assert kind(word) == ("other", None)


def test_an_unknown_drug_is_classed_by_its_ending():
    assert kind("Imaginapril 10mg #30") == ("pharmaceuticals", "antihypertensives")
    assert kind("Imaginium 10mg #30") == ("pharmaceuticals", "other_drug")


def test_a_cream_named_later_makes_no_topical_of_a_pill():
    assert kind("Naproxen 550mg #60 and Terocin patches") == ("pharmaceuticals", "nsaids")


@pytest.mark.parametrize(
    ("word", "is_one"),
    [("norco", True), ("gabapentin", True), ("terocin", True), ("opioid", False), ("knee", False)],
)
def test_drug_names_are_known_to_other_modules(word, is_one):
    assert is_drug_name(word) is is_one


def test_every_rule_stays_within_the_taxonomy_and_names_signals_that_exist():
    for rule in RULES:
        assert {*rule.when, *rule.unless} <= set(SIGNALS), rule.name
        allowed = SUBCATEGORIES.get(rule.category, DRUG_CLASSES | {None})
        assert rule.subcategory in allowed, rule.name
    assert set(CLASSES) <= DRUG_CLASSES


def test_the_rule_is_short_however_long_the_words():
    assert len(categorise(f"{'Interdisciplinary ' * 300} program").rule) <= 120


@pytest.mark.parametrize("unit", ["a", "for ", "1 x ", "(", "after ", "pain management ", "İ", ""])
def test_hostile_text_is_read_in_time(unit):
    rng = random.Random(1)
    noise = "".join(rng.choices(string.ascii_lowercase + " ", k=10_000))
    started = time.perf_counter()
    categorise(unit * (10_000 // len(unit)) if unit else noise)
    assert time.perf_counter() - started < 0.5
