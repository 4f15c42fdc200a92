"""What people did in the product whose pictures are taken; runs in its shell.

It comes to what tests/browser/filling.py makes, the sample letters and made-up cases.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, User

from cases.corrections.history import correction
from cases.models import Case
from imrsite.security.roles import Role
from reviews.annotating import threads
from reviews.annotating.annotate import Selection, create_annotation
from reviews.annotating.targets import Place
from reviews.models import Label, Review, Target
from reviews.reviewing import workflow
from reviews.reviewing.tour import dismiss_tour

LETTER = "CM14-0195168"
PEOPLE = {
    "demo": ("Dana", "Whitfield", None),
    "mlopez": ("Marisol", "Lopez", Role.REVIEWER),
    "tnguyen": ("Thomas", "Nguyen", Role.REVIEWER),
    "rkaplan": ("Ruth", "Kaplan-Oyelaran", Role.LEAD),
    "jsingh": ("Jasmine", "Singh", Role.CORRECTOR),
    "uploads": ("Chris", "Abernathy", Role.UPLOADER),
}
MADE_UP = ("Amelia Hart", "Ben Okafor", "Carla Reyes", "David Lindqvist", "Esther Kim")


def make_up() -> None:
    """Names for everybody, and work for each."""
    people = make_people()
    case = Case.objects.get(case_number=LETTER)
    annotate(case, people)
    correct(case, people["jsingh"])
    give_reviews(people)
    dismiss_tour(people["demo"])  # it has a picture of its own


def make_people() -> dict[str, User]:
    people = {}
    for name, (first, last, role) in PEOPLE.items():
        one, _ = User.objects.get_or_create(username=name)
        one.first_name, one.last_name = first, last
        one.email = f"{name}@example.org"
        one.save()
        if role:
            one.groups.add(Group.objects.get(name=role))
        people[name] = one
    for number, name in enumerate(MADE_UP, 1):
        first, last = name.split()
        same = User.objects.filter(username=f"made-up-reviewer-{number}")
        same.update(first_name=first, last_name=last)
    User.objects.filter(username="made-up-lead").update(first_name="Grace", last_name="Moreau")
    return people


def annotate(case: Case, people: dict[str, User]) -> None:
    issue = case.issues.order_by("position").first()
    place = Place(case, issue, Target.RATIONALE)
    first, second = sentence(issue.rationale, 1), sentence(issue.rationale, 3)
    note = create_annotation(
        place,
        people["mlopez"],
        first,
        comment="The denial cites the same page for the opposite. @demo, does it say so?",
        label=Label.objects.get(slug="factual-contradiction"),
    )
    threads.create_reply(note, people["demo"], "It does, on page 126, second paragraph.")
    create_annotation(place, people["demo"], second, comment="Compare with the 2009 edition.")


def sentence(text: str, number: int) -> Selection:
    """The words of one sentence, or of the last."""
    parts = text.split(". ")
    number = min(number, len(parts) - 1)
    return Selection(parts[number], sum(len(one) + 2 for one in parts[:number]))


def correct(case: Case, who: User) -> None:
    with correction(case, who, "Page 1 names both") as mine:
        mine.specialties = ["Occupational Medicine", "Pain Medicine"]
        mine.save()


def give_reviews(people: dict[str, User]) -> None:
    """Some to everybody."""
    free = Review.objects.filter(state=Review.State.UNASSIGNED).order_by("due_on", "pk")
    reviews = list(free.select_related("case")[:30])
    for number, review in enumerate(reviews):
        name = ("demo", "mlopez", "tnguyen")[number % 3]
        workflow.assign_reviewer(review, people[name], people["rkaplan"])
