import pytest

from tests.factories import stored_case
from tests.postgres import require_kept_index

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(db):
    return [
        stored_case(name)
        for name in ("CM14-0195168", "facsimile-001-final-2015", "facsimile-004-notice-2013")
    ]


def numbers(response):
    return [case.case_number for case in response.context["listing"].rows]


def test_it_asks_for_a_login(client):
    assert client.get("/cases/").url == "/login/?next=/cases/"


def test_newest_decision_first(reader, three):
    assert numbers(reader.get("/cases/")) == ["CM15-0021754", "CM14-0195168", "CM13-0146674"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("decision=upheld", ["CM14-0195168"]),
        ("decision=partially_overturned", ["CM13-0146674"]),
        ("case_number=0021754", ["CM15-0021754"]),
        ("decision_date_after=2015-02-01", ["CM15-0021754"]),
        ("decision_date_before=2014-01-01", ["CM13-0146674"]),
        ("q=work+conditioning+janitor", ["CM14-0195168"]),
        ("q=nosuchword", []),
        ("category=diagnostics", ["CM15-0021754"]),
        ("verdict=claims_silent", ["CM15-0021754"]),
        ("claims_source=ODG", ["CM14-0195168"]),
        ("source=ODG", ["CM15-0021754", "CM14-0195168", "CM13-0146674"]),
        ("flag=ur-date-disagrees", ["CM14-0195168"]),
        ("priority=Expedited", []),
        (
            "needs_correction=false&order=case_number",
            ["CM13-0146674", "CM14-0195168", "CM15-0021754"],
        ),
        ("annotated=true", []),
        ("order=-case_number", ["CM15-0021754", "CM14-0195168", "CM13-0146674"]),
    ],
)
def test_filters_and_sorting(reader, three, query, expected):
    assert numbers(reader.get(f"/cases/?{query}")) == expected
    rows = csv_rows(reader.get(f"/cases/export.csv?{query}"))
    assert [row.split(",")[0] for row in rows[1:]] == expected


def csv_rows(response):
    import csv
    import io

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return [",".join(row) for row in csv.reader(io.StringIO(text))]


def test_a_mistaken_filter_is_explained(reader, three):
    response = reader.get("/cases/?decision=nonsense&decision_date_after=yesterday")
    assert response.status_code == 422
    assert "be applied" in response.content.decode()


def test_htmx_gets_the_results_alone(reader, three):
    response = reader.get("/cases/", headers={"HX-Request": "true", "HX-Target": "results"})
    assert "<html" not in response.content.decode()
    assert "CM14-0195168" in response.content.decode()


def test_chips_take_a_filter_away(reader, three):
    response = reader.get("/cases/?decision=upheld&priority=Standard")
    chips = {chip.label: chip for chip in response.context["listing"].chips}
    assert chips["Decision"].value == "Upheld"
    assert chips["Decision"].query == "priority=Standard"


def test_the_number_of_queries_does_not_grow_with_the_rows(
    reader, three, django_assert_num_queries
):
    require_kept_index()
    reader.get("/cases/")  # the first look writes the session and the access log
    with django_assert_num_queries(8 + 1):  # one for the access log
        reader.get("/cases/")


def test_the_csv_is_harmless_and_opens_in_spreadsheets(reader, three):
    case = three[0]
    case.issues.update(treatment_request='=HYPERLINK("http://example.org")')
    response = reader.get("/cases/export.csv?decision=upheld")
    data = b"".join(response.streaming_content)
    assert data.startswith(b"\xef\xbb\xbfcase_number,decision,")
    assert b"'=HYPERLINK" in data
    assert "2015-01-16" in data.decode()


def test_a_new_form_asks_for_nothing(reader, three):
    form = reader.get("/cases/").context["listing"].filter.form
    sent = "&".join(f"{field.name}={field.value() or ''}" for field in form)
    assert len(numbers(reader.get(f"/cases/?{sent}"))) == 3


def test_several_values_of_a_filter_widen_it(reader, three):
    both = reader.get("/cases/?decision=upheld&decision=overturned")
    assert numbers(both) == ["CM15-0021754", "CM14-0195168"]
    queries = [chip.query for chip in both.context["listing"].chips]
    assert queries == ["decision=overturned", "decision=upheld"]


def test_guideline_and_section_of_one_side(reader, three):
    query = {"claims_guideline": "Official Disability Guidelines"}
    assert numbers(reader.get("/cases/", query)) == ["CM14-0195168"]
    query = {"maximus_section": "conditioning hardening"}
    assert numbers(reader.get("/cases/", query)) == ["CM14-0195168"]
    query = {"claims_section": "conditioning hardening"}
    assert numbers(reader.get("/cases/", query)) == []


def test_flags_stand_in_words(reader, three):
    assert "UR date disagrees" in reader.get("/cases/").content.decode()
