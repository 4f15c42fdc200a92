"""Certifications and licences as letters list them."""

import pytest

from cases.letters.header.reviewer import split_specialties, split_states


@pytest.mark.parametrize(
    ("written", "specialties"),
    [
        ("Occupational Medicine", ["Occupational Medicine"]),
        (
            "Physical Medicine & Rehabilitation, Pain Management",
            ["Physical Medicine & Rehabilitation", "Pain Management"],
        ),
        (
            "Physical Medicine and Rehabilitation and Pain Medicine",
            ["Physical Medicine and Rehabilitation", "Pain Medicine"],
        ),
        (
            "Family Practice, has a subspecialty in Sports Medicine",
            ["Family Practice", "Sports Medicine"],
        ),
        (
            "Psychiatry and Neurology and is certified in Addiction Medicine",
            ["Psychiatry and Neurology", "Addiction Medicine"],
        ),
        ("Anesthesiology/Pain Management", ["Anesthesiology", "Pain Management"]),
    ],
)
def test_specialties_are_parted_but_not_inside_a_board_s_name(written, specialties):
    assert split_specialties(written) == tuple(specialties)


def test_states_are_parted():
    written = "New York, California and the District of Columbia."
    assert split_states(written) == ("New York", "California", "District of Columbia")
