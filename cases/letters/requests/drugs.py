"""The class of a drug in a request: by its ingredient, or topical where it goes on the skin."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cases.letters.requests.treatment_rules import ENDINGS, TOPICAL, Drug

ANALGESIC, COMPOUND = "topical_analgesics", "topical_compounds"
PERCENT = re.compile(r"\d\s*(?:%|percent\b)")
# A dose by weight or a number of pills: such an item goes by mouth unless it says otherwise.
DOSE = re.compile(r"\d\s*(?:mg|mcg)\b(?!\s*/\s*(?:gm?|gram)\b)|#\s*\d|\btab|\bcap|\boral|\bmouth\b")
# What shows that an unknown word is a drug.
DRUG_FORM = re.compile(
    r"\d\s*(?:mgs?|mcg|mls?|gms?|grams?|g|meq|iu|cc|%)(?![a-z])|#\s*\d|\b(?:tab|cap|pill|refill)"
    r"|\b(?:prescription|prescribed|medications?|medicines?|meds|rx|drugs?|compounds?|compounded"
    r"|suspension|syrup|solution|drops|suppositor(?:y|ies)|inhaler|spray|lozenges?|elixir"
    r"|formulary|pharmac(?:y|ies|euticals?))\b"
    r"|\b(?:b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|q\.?h\.?s|p\.?r\.?n)\b"
)
LONG_WORD = re.compile(r"[a-z]{8,}")


def word_form(words: Sequence[str]) -> re.Pattern[str]:
    ordered = sorted((re.escape(word) for word in words), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(ordered)})(?!\w)")


FORM = word_form(TOPICAL["forms"])
NO_FORM = word_form(TOPICAL["no_forms"])
STRICT_FORM = word_form(TOPICAL["strict_forms"])


def class_of(drug: Drug, item: str, request: str, all_drugs: Sequence[Drug]) -> str:
    """The class of the drug that a request names first; `all_drugs` are all that it names.

    `item` is the text of the request's item that names the drug: a cream later in the request
    makes a pill before it no topical.
    """
    topical = is_topical(drug, item, request)
    if drug.product or (topical and any(one.product for one in all_drugs)):
        return ANALGESIC
    return topical_class(drug, item, request, all_drugs) if topical else drug.drug_class


def is_topical(drug: Drug, item: str, request: str) -> bool:
    """Whether the item, or the request where the item gives no dose by mouth, says topical."""
    if drug.drug_class in (ANALGESIC, COMPOUND) or len(PERCENT.findall(request)) > 1:
        return True
    text = item if DOSE.search(item) else request
    if drug.drug_class in TOPICAL["classes"] or drug.name in TOPICAL["names"]:
        return bool(PERCENT.search(item) or FORM.search(NO_FORM.sub("", text)))
    if drug.drug_class in TOPICAL["strict_classes"]:
        return bool(STRICT_FORM.search(NO_FORM.sub("", text)))
    return False


def topical_class(drug: Drug, item: str, request: str, all_drugs: Sequence[Drug]) -> str:
    """A compound has two or more percentages, or several drugs in one cream."""
    whole_product = FORM.search(item) and len(PERCENT.findall(item)) == 1
    several = len(PERCENT.findall(request)) > 1 and not whole_product
    mixed = "compound" in request and len({one.name for one in all_drugs if not one.group}) > 1
    return COMPOUND if drug.drug_class == COMPOUND or several or mixed else ANALGESIC


def class_of_unknown(request: str) -> tuple[str, str] | None:
    """The class of a drug that the catalogue lacks, with the words that show it to be one."""
    form = DRUG_FORM.search(request)
    if form is None:
        return None
    for match in LONG_WORD.finditer(request):
        for ending in ENDINGS:
            if match[0].endswith(ending.letters):
                return ending.drug_class, match[0]
    if percents := PERCENT.findall(request):
        return (COMPOUND if len(percents) > 1 else ANALGESIC), form[0]
    return "other_drug", form[0]
