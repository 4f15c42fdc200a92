from __future__ import annotations

from django import forms
from django.utils.text import slugify

from reviews.models import Label


class LabelForm(forms.ModelForm):
    class Meta:
        model = Label
        fields = ["name", "meaning", "colour", "shortcut", "position", "retired"]
        labels = {"colour": "Color"}
        widgets = {
            "colour": forms.TextInput(attrs={"type": "color"}),
            "meaning": forms.Textarea(attrs={"rows": 2}),
            "shortcut": forms.TextInput(attrs={"inputmode": "numeric"}),
        }

    def save(self, commit: bool = True) -> Label:
        """The slug is made once: exports and filters go by it."""
        if not self.instance.slug:
            self.instance.slug = free_slug(self.cleaned_data["name"])
        return super().save(commit)


def free_slug(name: str) -> str:
    base = slugify(name)[:50] or "label"
    taken = set(Label.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    candidates = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)
