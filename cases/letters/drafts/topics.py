"""Which chapter of today's MTUS is about a request: by the part of the body and the treatment."""

from __future__ import annotations

from cases.letters.citations.catalogue import CURRENT, Guideline

BY_PART = {
    "head": "Traumatic Brain Injury",
    "neck": "Cervical and Thoracic Spine Disorders",
    "upper_back": "Cervical and Thoracic Spine Disorders",
    "shoulder": "Shoulder Disorders",
    "elbow": "Elbow Disorders",
    "wrist_hand": "Hand, Wrist, and Forearm Disorders",
    "low_back": "Low Back Disorders",
    "hip_pelvis": "Hip and Groin Disorders",
    "knee": "Knee Disorders",
    "ankle_foot": "Ankle and Foot Disorders",
    "psyche": "Workplace Mental Health",
}
# Drugs and devices that a chapter speaks of whatever the part of the body.
BY_SUBCATEGORY = {
    "opioids": "Opioids",
    "antiemetics": "Antiemetics",
    **dict.fromkeys(
        (
            "anti_epilepsy_drugs",
            "antidepressants",
            "electrical_stimulation",
            "muscle_relaxants",
            "nsaids",
            "topical_analgesics",
            "topical_compounds",
        ),
        "Chronic Pain",
    ),
}
# Of these kinds a chapter on the part of the body has recommendations throughout.
OF_A_PART = ("diagnostics", "injections", "rehabilitation", "surgery")
CHAPTERS = {one.name: one for one in CURRENT}


def chapter_on(category: str, subcategory: str, body_parts: tuple[str, ...]) -> Guideline | None:
    """None where no chapter is surely about it: other drugs, most devices, visits."""
    if name := BY_SUBCATEGORY.get(subcategory):
        return CHAPTERS[name]
    if category not in OF_A_PART:
        return None
    return next((CHAPTERS[BY_PART[part]] for part in body_parts if part in BY_PART), None)
