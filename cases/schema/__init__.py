"""Operations of migrations that hold up nobody on a full database (CONTRIBUTING)."""
