"""Fields of a case as people type them: in the admin, by hand, by CSV."""
