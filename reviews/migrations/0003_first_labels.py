from django.db import migrations

LABELS = [
    ("Guideline applied correctly", "#2e8b57", "The reviewer read the guideline as it stands and applied it to these facts."),
    ("Guideline misapplied", "#d1495b", "The guideline says something else, or its conditions are not those of this case."),
    ("Guideline outdated", "#b8860b", "A newer edition or another schedule was in force on the day of the decision."),
    ("Factual contradiction", "#e07a00", "These words contradict the record or another part of the letter."),
    ("Evidence not addressed", "#7b5ea7", "The record or the other side brings evidence that the rationale passes over."),
    ("Functional improvement", "#1c7ed6", "What is said of functional improvement, shown or missing."),
    ("Request outside guideline", "#0f8b8d", "The request exceeds or is not covered by what the guideline speaks of."),
    ("Follow up", "#6b7280", "Someone should look at this again."),
]


def seed(apps, schema_editor):
    Label = apps.get_model("reviews", "Label")
    for number, (name, colour, meaning) in enumerate(LABELS, 1):
        Label.objects.get_or_create(
            slug=name.lower().replace(" ", "-"),
            defaults={
                "name": name,
                "colour": colour,
                "meaning": meaning,
                "shortcut": str(number),
                "position": number * 10,
            },
        )


def keep_texts(apps, schema_editor):
    """The texts that the offsets of annotations made until now count in."""
    Annotation = apps.get_model("reviews", "Annotation")
    MarkedText = apps.get_model("reviews", "MarkedText")
    for note in Annotation.objects.select_related("case", "issue").iterator():
        MarkedText.objects.get_or_create(
            case=note.case,
            issue=note.issue,
            target=note.target,
            defaults={"text": getattr(note.issue or note.case, note.target)},
        )


class Migration(migrations.Migration):
    dependencies = [("reviews", "0002_threads_and_labels")]

    operations = [
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(keep_texts, migrations.RunPython.noop),
    ]
