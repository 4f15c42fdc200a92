"""Triggers that keep the access log: no row is changed, none is deleted but by age."""

from django.db import migrations

REFUSAL = "the access log is append-only"
SQLITE = [
    f"""
    CREATE TRIGGER access_no_update BEFORE UPDATE ON imrsite_access
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
    f"""
    CREATE TRIGGER access_no_delete BEFORE DELETE ON imrsite_access
    WHEN NOT EXISTS (SELECT 1 FROM imrsite_pruning WHERE before > OLD.at)
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
]
POSTGRESQL = [
    f"""
    CREATE FUNCTION access_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM imrsite_pruning WHERE before > OLD.at) THEN
          RETURN OLD;
        END IF;
      END IF;
      RAISE EXCEPTION '{REFUSAL}';
    END $$
    """,
    """
    CREATE TRIGGER access_keeps BEFORE UPDATE OR DELETE ON imrsite_access
    FOR EACH ROW EXECUTE FUNCTION access_is_append_only()
    """,
]
UNDO = {
    "sqlite": ["DROP TRIGGER access_no_update", "DROP TRIGGER access_no_delete"],
    "postgresql": [
        "DROP TRIGGER access_keeps ON imrsite_access",
        "DROP FUNCTION access_is_append_only()",
    ],
}
DO = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


def run(statements):
    def execute(apps, schema_editor):
        for statement in statements.get(schema_editor.connection.vendor, ()):
            schema_editor.execute(statement)

    return execute


class Migration(migrations.Migration):
    dependencies = [("imrsite", "0002_access")]
    operations = [migrations.RunPython(run(DO), run(UNDO))]
