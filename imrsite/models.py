from django.db import models


class Right(models.Model):
    """No table: permissions to do what is no change of a record."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [
            ("export", "Can take lists as CSV"),
            ("enter_admin", "Can enter the admin"),
            ("read_audit", "Can read who opened what"),
            ("invite", "Can invite people"),
        ]
