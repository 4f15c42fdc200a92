"""DWC's treatment categories with their subcategories, and the parts of the body."""

from __future__ import annotations

from django.db import models


class Category(models.TextChoices):
    PHARMACEUTICALS = "pharmaceuticals", "Pharmaceuticals"
    REHABILITATION = "rehabilitation", "Rehabilitation"
    DIAGNOSTICS = "diagnostics", "Diagnostics"
    DMEPOS = "dmepos", "Equipment and supplies (DMEPOS)"
    INJECTIONS = "injections", "Injections"
    SURGERY = "surgery", "Surgery"
    EVALUATION_MANAGEMENT = "evaluation_management", "Evaluation and management"
    PSYCHOLOGICAL = "psychological", "Psychological services"
    PROGRAMS = "programs", "Programs"
    HOME_HEALTH = "home_health", "Home health"
    TRANSPORTATION = "transportation", "Transportation"
    OTHER = "other", "Other"


class Subcategory(models.TextChoices):
    """The subcategories of all categories; of pharmaceuticals, the drug classes. `injection` is
    one of two categories."""

    IMAGING = "imaging", "Imaging"
    ELECTRODIAGNOSTIC = "electrodiagnostic", "Electrodiagnostic studies"
    LABORATORY = "laboratory", "Laboratory tests"
    OTHER_DIAGNOSTIC = "other_diagnostic", "Other diagnostic tests"
    DME = "dme", "Durable medical equipment"
    ELECTRICAL_STIMULATION = "electrical_stimulation", "Electrical stimulation"
    PROSTHETICS_ORTHOTICS = "prosthetics_orthotics", "Prosthetics and orthotics"
    SUPPLIES = "supplies", "Supplies"
    DENTAL = "dental", "Dental"
    MEDICAL_SPECIALTIES = "medical_specialties", "Medical specialties"
    FACET_INJECTION = "facet_injection", "Facet injection"
    INJECTION = "injection", "Injection"
    PSYCH_EVALUATION = "psych_evaluation", "Psychological evaluation"
    PSYCH_THERAPY = "psych_therapy", "Psychotherapy"
    ACUPUNCTURE = "acupuncture", "Acupuncture"
    CHIROPRACTIC = "chiropractic", "Chiropractic"
    PHYSICAL_OCCUPATIONAL_THERAPY = (
        "physical_occupational_therapy",
        "Physical and occupational therapy",
    )
    OTHER_THERAPIES = "other_therapies", "Other therapies"
    ADJUNCT_SURGICAL_SERVICES = "adjunct_surgical_services", "Adjunct surgical services"
    ARTHROSCOPIC = "arthroscopic", "Arthroscopic surgery"
    NON_ARTHROSCOPIC = "non_arthroscopic", "Non-arthroscopic surgery"
    SPINE = "spine", "Spine surgery"
    SURGICAL_CONSULT = "surgical_consult", "Surgical consultation"
    ADRENAL_CORTICOSTEROIDS = "adrenal_corticosteroids", "Adrenal corticosteroids"
    ALPHA_BLOCKERS = "alpha_blockers", "Alpha blockers"
    ANDROGENS_ANABOLIC_STEROIDS = (
        "androgens_anabolic_steroids",
        "Androgens and anabolic steroids",
    )
    ANXIOLYTICS = "anxiolytics", "Anxiolytics"
    ANTICOAGULANTS = "anticoagulants", "Anticoagulants"
    ANTIDEPRESSANTS = "antidepressants", "Antidepressants"
    ANTIDIABETICS = "antidiabetics", "Antidiabetics"
    ANTIEMETICS = "antiemetics", "Antiemetics"
    ANTI_EPILEPSY_DRUGS = "anti_epilepsy_drugs", "Anti-epilepsy drugs"
    ANTIHISTAMINES = "antihistamines", "Antihistamines"
    ANTIHYPERTENSIVES = "antihypertensives", "Antihypertensives"
    ANTI_INFECTIVES = "anti_infectives", "Anti-infectives"
    ANTIMIGRAINE_AGENTS = "antimigraine_agents", "Antimigraine agents"
    ASTHMA_MEDICATIONS = "asthma_medications", "Asthma medications"
    ATYPICAL_ANTIPSYCHOTICS = "atypical_antipsychotics", "Atypical antipsychotics"
    BARBITURATES = "barbiturates", "Barbiturates"
    BENZODIAZEPINES = "benzodiazepines", "Benzodiazepines"
    BETA_BLOCKERS = "beta_blockers", "Beta blockers"
    BISPHOSPHONATES = "bisphosphonates", "Bisphosphonates"
    CALCIUM_CHANNEL_BLOCKERS = "calcium_channel_blockers", "Calcium channel blockers"
    CANNABINOIDS = "cannabinoids", "Cannabinoids"
    DOPAMINE_AGONISTS = "dopamine_agonists", "Dopamine agonists"
    FIBRATES = "fibrates", "Fibrates"
    GI_AGENTS = "gi_agents", "Gastrointestinal agents"
    H2_BLOCKERS = "h2_blockers", "H2 blockers"
    HORMONES = "hormones", "Hormones"
    IMPOTENCE_AGENTS = "impotence_agents", "Impotence agents"
    MISC_ANALGESICS = "misc_analgesics", "Miscellaneous analgesics"
    MUSCLE_RELAXANTS = "muscle_relaxants", "Muscle relaxants"
    NSAIDS = "nsaids", "NSAIDs"
    NUTRITIONAL_PRODUCTS = "nutritional_products", "Nutritional products"
    OPIOIDS = "opioids", "Opioids"
    OPIOID_ANTAGONISTS = "opioid_antagonists", "Opioid antagonists"
    PROTON_PUMP_INHIBITORS = "proton_pump_inhibitors", "Proton pump inhibitors"
    SEDATIVE_HYPNOTICS = "sedative_hypnotics", "Sedative hypnotics"
    STATINS = "statins", "Statins"
    TOPICAL_ANALGESICS = "topical_analgesics", "Topical analgesics"
    TOPICAL_COMPOUNDS = "topical_compounds", "Topical compounds"
    TNF_MODIFIERS = "tnf_modifiers", "TNF modifiers"
    VISCOSUPPLEMENTATION = "viscosupplementation", "Viscosupplementation"
    OTHER_DRUG = "other_drug", "Other drug"


class BodyPart(models.TextChoices):
    HEAD = "head", "Head"
    NECK = "neck", "Neck"
    SHOULDER = "shoulder", "Shoulder"
    ELBOW = "elbow", "Elbow"
    WRIST_HAND = "wrist_hand", "Wrist and hand"
    UPPER_BACK = "upper_back", "Upper back"
    LOW_BACK = "low_back", "Low back"
    HIP_PELVIS = "hip_pelvis", "Hip and pelvis"
    KNEE = "knee", "Knee"
    ANKLE_FOOT = "ankle_foot", "Ankle and foot"
    CHEST_ABDOMEN = "chest_abdomen", "Chest and abdomen"
    PSYCHE = "psyche", "Psyche"


S = Subcategory
OF_CATEGORY: dict[str, tuple[Subcategory, ...]] = {
    Category.DIAGNOSTICS: (S.IMAGING, S.ELECTRODIAGNOSTIC, S.LABORATORY, S.OTHER_DIAGNOSTIC),
    Category.DMEPOS: (S.DME, S.ELECTRICAL_STIMULATION, S.PROSTHETICS_ORTHOTICS, S.SUPPLIES),
    Category.EVALUATION_MANAGEMENT: (S.DENTAL, S.MEDICAL_SPECIALTIES),
    Category.INJECTIONS: (S.FACET_INJECTION, S.INJECTION),
    Category.PSYCHOLOGICAL: (S.PSYCH_EVALUATION, S.PSYCH_THERAPY),
    Category.REHABILITATION: (
        S.ACUPUNCTURE,
        S.CHIROPRACTIC,
        S.PHYSICAL_OCCUPATIONAL_THERAPY,
        S.OTHER_THERAPIES,
    ),
    Category.SURGERY: (
        S.ADJUNCT_SURGICAL_SERVICES,
        S.ARTHROSCOPIC,
        S.NON_ARTHROSCOPIC,
        S.SPINE,
        S.SURGICAL_CONSULT,
    ),
}
NOT_DRUGS = {one for several in OF_CATEGORY.values() for one in several} - {S.INJECTION}
OF_CATEGORY[Category.PHARMACEUTICALS] = tuple(one for one in S if one not in NOT_DRUGS)


def subcategory_fits(category: str, subcategory: str) -> bool:
    """Whether a category has this subcategory; every category may be without one."""
    return not subcategory or subcategory in OF_CATEGORY.get(category, ())


def grouped_subcategories(*, each_once: bool = False) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices under the names of their categories, for forms. `each_once` leaves out a
    subcategory that stood under an earlier category."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    seen: set[str] = set()
    for category in sorted(Category, key=lambda one: one == Category.PHARMACEUTICALS):
        offered = [one for one in OF_CATEGORY.get(category, ()) if not each_once or one not in seen]
        seen.update(offered)
        if offered:
            groups.append((str(category.label), [(one.value, str(one.label)) for one in offered]))
    return groups


def body_parts_in_words(parts: list[str] | tuple[str, ...]) -> str:
    """["low_back", "knee"] → "Low back, Knee"; what is no part of the list as it stands."""
    words = dict(BodyPart.choices)
    return ", ".join(str(words.get(part, part)) for part in parts)
