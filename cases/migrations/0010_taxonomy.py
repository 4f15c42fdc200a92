"""Subcategories, body parts, partial authorizations and editions. What is stored is moved by the
next migration."""

import django.core.validators
from django.db import migrations, models

from cases.schema.add_fields import ChangeTable


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_narrow_index"),
    ]

    operations = [
        ChangeTable(
            "issue",
            [
                migrations.RemoveConstraint(
                    model_name="issue",
                    name="issue_category_known",
                ),
                migrations.AddField(
                    model_name="issue",
                    name="authorized",
                    field=models.TextField(
                        blank=True, verbose_name="authorized by the claims administrator"
                    ),
                ),
                migrations.AddField(
                    model_name="issue",
                    name="body_parts",
                    field=models.JSONField(
                        blank=True, default=list, help_text="Slugs of BodyPart."
                    ),
                ),
                migrations.AddField(
                    model_name="issue",
                    name="in_dispute",
                    field=models.TextField(blank=True, verbose_name="part in dispute"),
                ),
                migrations.AddField(
                    model_name="issue",
                    name="other_edition",
                    field=models.BooleanField(default=False, editable=False),
                ),
                migrations.AddField(
                    model_name="issue",
                    name="requested",
                    field=models.TextField(blank=True, verbose_name="originally requested"),
                ),
                migrations.AddField(
                    model_name="issue",
                    name="retrospective",
                    field=models.BooleanField(default=False),
                ),
                migrations.AddField(
                    model_name="issue",
                    name="subcategory",
                    field=models.CharField(
                        blank=True,
                        choices=[
                            ("imaging", "Imaging"),
                            ("electrodiagnostic", "Electrodiagnostic studies"),
                            ("laboratory", "Laboratory tests"),
                            ("other_diagnostic", "Other diagnostic tests"),
                            ("dme", "Durable medical equipment"),
                            ("electrical_stimulation", "Electrical stimulation"),
                            ("prosthetics_orthotics", "Prosthetics and orthotics"),
                            ("supplies", "Supplies"),
                            ("dental", "Dental"),
                            ("medical_specialties", "Medical specialties"),
                            ("facet_injection", "Facet injection"),
                            ("injection", "Injection"),
                            ("psych_evaluation", "Psychological evaluation"),
                            ("psych_therapy", "Psychotherapy"),
                            ("acupuncture", "Acupuncture"),
                            ("chiropractic", "Chiropractic"),
                            ("physical_occupational_therapy", "Physical and occupational therapy"),
                            ("other_therapies", "Other therapies"),
                            ("adjunct_surgical_services", "Adjunct surgical services"),
                            ("arthroscopic", "Arthroscopic surgery"),
                            ("non_arthroscopic", "Non-arthroscopic surgery"),
                            ("spine", "Spine surgery"),
                            ("surgical_consult", "Surgical consultation"),
                            ("adrenal_corticosteroids", "Adrenal corticosteroids"),
                            ("alpha_blockers", "Alpha blockers"),
                            ("androgens_anabolic_steroids", "Androgens and anabolic steroids"),
                            ("anxiolytics", "Anxiolytics"),
                            ("anticoagulants", "Anticoagulants"),
                            ("antidepressants", "Antidepressants"),
                            ("antidiabetics", "Antidiabetics"),
                            ("antiemetics", "Antiemetics"),
                            ("anti_epilepsy_drugs", "Anti-epilepsy drugs"),
                            ("antihistamines", "Antihistamines"),
                            ("antihypertensives", "Antihypertensives"),
                            ("anti_infectives", "Anti-infectives"),
                            ("antimigraine_agents", "Antimigraine agents"),
                            ("asthma_medications", "Asthma medications"),
                            ("atypical_antipsychotics", "Atypical antipsychotics"),
                            ("barbiturates", "Barbiturates"),
                            ("benzodiazepines", "Benzodiazepines"),
                            ("beta_blockers", "Beta blockers"),
                            ("bisphosphonates", "Bisphosphonates"),
                            ("calcium_channel_blockers", "Calcium channel blockers"),
                            ("cannabinoids", "Cannabinoids"),
                            ("dopamine_agonists", "Dopamine agonists"),
                            ("fibrates", "Fibrates"),
                            ("gi_agents", "Gastrointestinal agents"),
                            ("h2_blockers", "H2 blockers"),
                            ("hormones", "Hormones"),
                            ("impotence_agents", "Impotence agents"),
                            ("misc_analgesics", "Miscellaneous analgesics"),
                            ("muscle_relaxants", "Muscle relaxants"),
                            ("nsaids", "NSAIDs"),
                            ("nutritional_products", "Nutritional products"),
                            ("opioids", "Opioids"),
                            ("opioid_antagonists", "Opioid antagonists"),
                            ("proton_pump_inhibitors", "Proton pump inhibitors"),
                            ("sedative_hypnotics", "Sedative hypnotics"),
                            ("statins", "Statins"),
                            ("topical_analgesics", "Topical analgesics"),
                            ("topical_compounds", "Topical compounds"),
                            ("tnf_modifiers", "TNF modifiers"),
                            ("viscosupplementation", "Viscosupplementation"),
                            ("other_drug", "Other drug"),
                        ],
                        max_length=32,
                    ),
                ),
                migrations.AlterField(
                    model_name="issue",
                    name="category",
                    field=models.CharField(
                        choices=[
                            ("pharmaceuticals", "Pharmaceuticals"),
                            ("rehabilitation", "Rehabilitation"),
                            ("diagnostics", "Diagnostics"),
                            ("dmepos", "Equipment and supplies (DMEPOS)"),
                            ("injections", "Injections"),
                            ("surgery", "Surgery"),
                            ("evaluation_management", "Evaluation and management"),
                            ("psychological", "Psychological services"),
                            ("programs", "Programs"),
                            ("home_health", "Home health"),
                            ("transportation", "Transportation"),
                            ("other", "Other"),
                        ],
                        default="other",
                        max_length=24,
                    ),
                ),
                migrations.AddIndex(
                    model_name="issue",
                    index=models.Index(fields=["subcategory", "id"], name="issue_subcategory"),
                ),
                migrations.AddConstraint(
                    model_name="issue",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "category__in",
                                [
                                    "pharmaceuticals",
                                    "rehabilitation",
                                    "diagnostics",
                                    "dmepos",
                                    "injections",
                                    "surgery",
                                    "evaluation_management",
                                    "psychological",
                                    "programs",
                                    "home_health",
                                    "transportation",
                                    "other",
                                ],
                            )
                        ),
                        name="issue_category_known",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="issue",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            (
                                "subcategory__in",
                                [
                                    "imaging",
                                    "electrodiagnostic",
                                    "laboratory",
                                    "other_diagnostic",
                                    "dme",
                                    "electrical_stimulation",
                                    "prosthetics_orthotics",
                                    "supplies",
                                    "dental",
                                    "medical_specialties",
                                    "facet_injection",
                                    "injection",
                                    "psych_evaluation",
                                    "psych_therapy",
                                    "acupuncture",
                                    "chiropractic",
                                    "physical_occupational_therapy",
                                    "other_therapies",
                                    "adjunct_surgical_services",
                                    "arthroscopic",
                                    "non_arthroscopic",
                                    "spine",
                                    "surgical_consult",
                                    "adrenal_corticosteroids",
                                    "alpha_blockers",
                                    "androgens_anabolic_steroids",
                                    "anxiolytics",
                                    "anticoagulants",
                                    "antidepressants",
                                    "antidiabetics",
                                    "antiemetics",
                                    "anti_epilepsy_drugs",
                                    "antihistamines",
                                    "antihypertensives",
                                    "anti_infectives",
                                    "antimigraine_agents",
                                    "asthma_medications",
                                    "atypical_antipsychotics",
                                    "barbiturates",
                                    "benzodiazepines",
                                    "beta_blockers",
                                    "bisphosphonates",
                                    "calcium_channel_blockers",
                                    "cannabinoids",
                                    "dopamine_agonists",
                                    "fibrates",
                                    "gi_agents",
                                    "h2_blockers",
                                    "hormones",
                                    "impotence_agents",
                                    "misc_analgesics",
                                    "muscle_relaxants",
                                    "nsaids",
                                    "nutritional_products",
                                    "opioids",
                                    "opioid_antagonists",
                                    "proton_pump_inhibitors",
                                    "sedative_hypnotics",
                                    "statins",
                                    "topical_analgesics",
                                    "topical_compounds",
                                    "tnf_modifiers",
                                    "viscosupplementation",
                                    "other_drug",
                                    "",
                                ],
                            )
                        ),
                        name="issue_subcategory_known",
                    ),
                ),
            ],
        ),
        ChangeTable(
            "citation",
            [
                migrations.AddField(
                    model_name="citation",
                    name="edition",
                    field=models.CharField(
                        blank=True,
                        help_text="The year behind the name of a chapter of the MTUS.",
                        max_length=4,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^\\d{4}\\Z", "An edition is a year, like 2004."
                            )
                        ],
                    ),
                ),
                migrations.AddConstraint(
                    model_name="citation",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            ("edition", ""), ("edition__regex", "^[0-9]{4}$"), _connector="OR"
                        ),
                        name="citation_edition_form",
                    ),
                ),
            ],
        ),
        ChangeTable(
            "pastrequest",
            [
                migrations.AddField(
                    model_name="pastrequest",
                    name="body_parts",
                    field=models.JSONField(default=list, help_text="That the request is for."),
                ),
                migrations.AddField(
                    model_name="pastrequest",
                    name="subcategory",
                    field=models.CharField(blank=True, max_length=32),
                ),
            ],
        ),
    ]
