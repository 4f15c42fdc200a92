import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def dismiss_for_those_who_know_it(apps, schema_editor):
    """Whoever has signed in before needs no first steps."""
    users = apps.get_model(settings.AUTH_USER_MODEL).objects.filter(last_login__isnull=False)
    dismissal = apps.get_model("reviews", "TourDismissal")
    dismissal.objects.bulk_create(
        [dismissal(user_id=key) for key in users.values_list("pk", flat=True)], batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0012_obligations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TourDismissal",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(dismiss_for_those_who_know_it, migrations.RunPython.noop),
    ]
