"""Pictures of every page, in docs/screenshots: `python -m tests.browser.screenshots`."""
