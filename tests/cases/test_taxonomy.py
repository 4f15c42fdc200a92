"""The categories, their subcategories and the parts of the body."""

import pytest

from cases.letters.requests.body_parts import find_body_parts
from cases.letters.requests.treatment_rules import RULES
from cases.models.taxonomy import (
    OF_CATEGORY,
    BodyPart,
    Category,
    Subcategory,
    body_parts_in_words,
    grouped_subcategories,
    subcategory_fits,
)


def test_every_subcategory_is_of_a_category():
    assert {one for several in OF_CATEGORY.values() for one in several} == set(Subcategory)


def test_all_that_the_rules_can_choose_is_known():
    chosen = {(rule.category, rule.subcategory) for rule in RULES if rule.category}
    assert chosen
    assert not [
        (category, subcategory)
        for category, subcategory in chosen
        if category not in Category.values or not subcategory_fits(category, subcategory or "")
    ]


@pytest.mark.parametrize(
    ("category", "subcategory", "is_one"),
    [
        ("pharmaceuticals", "opioids", True),
        ("pharmaceuticals", "injection", True),
        ("injections", "injection", True),
        ("surgery", "opioids", False),
        ("transportation", "", True),
    ],
)
def test_a_category_has_its_own_subcategories(category, subcategory, is_one):
    assert subcategory_fits(category, subcategory) is is_one


def test_a_filter_offers_each_subcategory_once_and_drugs_last():
    groups = grouped_subcategories(each_once=True)
    offered = [value for _, choices in groups for value, _ in choices]
    assert sorted(offered) == sorted(Subcategory.values)
    assert groups[-1][0] == "Pharmaceuticals"


def test_body_parts_are_told_by_name():
    parts = [part.name for part in find_body_parts("MRI of the lumbar spine and the left knee")]
    assert body_parts_in_words(parts) == "Low back, Knee"
    assert set(parts) <= set(BodyPart.values)
