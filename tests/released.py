"""The migrations that the last release (CHANGELOG) ended with; to be moved on at each release."""

LAST_RELEASE = {
    "cases": "0014_words",
    "reviews": "0010_words",
    "imrsite": "0005_more_access_actions",
}
