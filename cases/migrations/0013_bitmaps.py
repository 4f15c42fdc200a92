"""Facts leave the tables of words for an index that each process holds (cases.index); what was
kept to count them goes. Words and the words of requests come in after `migrate` (cases.apps)."""

from django.db import migrations, models

from cases.search.tables import facts_leave, index_table

BEFORE = (
    "number", "request", "claims", "maximus", "claims_section", "maximus_section",
    "rationale", "summary", "reviewer", "annotation",
)


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0012_plain_checks'),
    ]

    operations = [
        *facts_leave("case_index", BEFORE, ("number", "summary", "reviewer", "annotation")),
        *facts_leave("issue_index", BEFORE, ("request", "rationale", "annotation", "asked")),
        *facts_leave("document_index", ("name",), ("name",)),
        index_table("citation_index", ("words", "section"), facts=False),
        migrations.CreateModel(
            name='CaseChange',
            fields=[
                ('case_id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('word', models.CharField(max_length=40, primary_key=True, serialize=False)),
            ],
        ),
        migrations.DeleteModel(
            name='Tally',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_decision',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_place',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_by_priority',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_by_decision',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_by_date_of_injury',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_by_ur_denial_date',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_by_application_received',
        ),
        migrations.RemoveIndex(
            model_name='case',
            name='case_by_date_assigned',
        ),
        migrations.RemoveIndex(
            model_name='citation',
            name='citation_source_id',
        ),
        migrations.RemoveIndex(
            model_name='citation',
            name='citation_side_id',
        ),
        migrations.RemoveIndex(
            model_name='issue',
            name='issue_place',
        ),
        migrations.RemoveIndex(
            model_name='issue',
            name='issue_decision',
        ),
        migrations.RemoveIndex(
            model_name='issue',
            name='issue_category',
        ),
        migrations.RemoveIndex(
            model_name='issue',
            name='issue_verdict',
        ),
        migrations.RemoveIndex(
            model_name='issue',
            name='issue_subcategory',
        ),
        migrations.RemoveField(
            model_name='case',
            name='place',
        ),
        migrations.RemoveField(
            model_name='issue',
            name='place',
        ),
        migrations.AddField(
            model_name='issue',
            name='asked',
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.DeleteModel(
            name='PastRequest',
        ),
        migrations.DeleteModel(
            name='RequestWord',
        ),
        migrations.DeleteModel(
            name='StoredFacts',
        ),
    ]
