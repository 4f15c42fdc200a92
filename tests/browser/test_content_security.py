"""Every page works under the Content-Security-Policy: the browser refuses nothing of ours."""

import pytest

PAGES = [
    "/",
    "/cases/",
    "/cases/CM14-0195168/",
    "/cases/CM14-0195168/?view=pdf",
    "/documents/",
    "/upload/",
    "/admin/",
    "/admin/cases/case/",
    "/admin/cases/case/add/",
    "/admin/cases/issue/",
    "/admin/cases/issue/add/",
    "/admin/auth/user/add/",
]


@pytest.fixture
def refused(signed_in):
    """What the browser refused since the test began."""
    said = []
    signed_in.on("console", lambda message: said.append(message.text))
    return lambda: [text for text in said if "Content Security Policy" in text]


def test_no_page_needs_what_the_policy_forbids(signed_in, refused):
    for path in PAGES:
        signed_in.goto(path)
        signed_in.wait_for_load_state("networkidle")
        assert not refused(), path


def test_an_inline_script_does_not_run(signed_in, refused):
    signed_in.goto("/cases/")
    signed_in.evaluate(
        """() => {
          const script = document.createElement('script');
          script.textContent = 'window.ran = true';
          document.body.append(script);
          const image = '<img src="/x" onerror="window.ran = true">';
          document.body.insertAdjacentHTML('beforeend', image);
        }"""
    )
    signed_in.wait_for_timeout(200)
    assert signed_in.evaluate("window.ran") is None
    assert refused()
