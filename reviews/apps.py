from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = "Reviews"

    def ready(self) -> None:
        from reviews import (  # noqa: F401  (they listen for cases, and make lists known)
            in_search,
            lists,
            reanchor,
            synthetic,
        )
