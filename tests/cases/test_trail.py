import pytest

from tests.factories import stored_case

pytestmark = pytest.mark.django_db
NAMES = ("CM14-0195168", "facsimile-001-final-2015", "facsimile-004-notice-2013")


@pytest.fixture
def three(db):
    return [stored_case(name) for name in NAMES]


def trail(reader, address):
    return reader.get(address.partition("#")[0]).context["trail"]


def first_link(reader, url):
    return reader.get(url).context["listing"].rows[0].link


def test_next_and_previous_go_along_the_list(reader, three):
    address, numbers = first_link(reader, "/cases/?order=case_number&page_size=50"), []
    while address:
        numbers.append(address.split("/")[2])
        last, address = address, trail(reader, address).following
    assert numbers == ["CM13-0146674", "CM14-0195168", "CM15-0021754"]
    assert trail(reader, last).previous.startswith("/cases/CM14-0195168/?")
    assert trail(reader, last).back == "/cases/?order=case_number&page_size=50"


def test_a_filter_bounds_it(reader, three):
    here = trail(reader, first_link(reader, "/cases/?decision=upheld&q=conditioning"))
    assert (here.at, here.total, here.previous, here.following) == (1, 1, "", "")


def test_the_page_says_where_in_the_list_the_case_is(reader, three):
    address = first_link(reader, "/cases/?order=case_number")
    assert "1 of 3" in reader.get(address).content.decode()


def test_issues_lead_to_their_place_on_the_page(reader, three):
    here = trail(reader, first_link(reader, "/issues/?order=decision_date"))
    assert here.following.startswith("/cases/CM13-0146674/?")
    assert here.following.endswith("#issue-2")


def test_a_list_that_changed_meanwhile(reader, three):
    address = first_link(reader, "/cases/?order=-case_number&decision=overturned")
    moved = address.replace("decision%3Doverturned%26", "").replace("%26decision%3Doverturned", "")
    assert trail(reader, moved.replace("at=1", "at=3")).at == 1
    gone = "/cases/CM14-0195168/?from=cases&list=decision%3Doverturned&at=1"
    assert trail(reader, gone) is None


@pytest.mark.parametrize(
    "query",
    [
        "from=cases&at=abc",
        "from=nosuch&at=1",
        "from=documents&at=1",
        "from=cases&at=99999999999",
        "from=cases&at=1&list=decision%3Dnonsense",
        "from=cases&at=1&list=q%3D((((",
        "from=cases&at=0",
        "from=cases&at=1&list=%ff" + "x" * 500,
    ],
)
def test_a_broken_trail_is_no_trail(reader, three, query):
    response = reader.get(f"/cases/CM14-0195168/?{query}")
    assert response.status_code == 200
