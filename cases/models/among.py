"""`filter(place__among=numbers)`: like `in`, with all numbers as one parameter.

A thousand parameters take longer to be bound than the database takes to look up their rows.
"""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Field, ForeignObject, Lookup


@Field.register_lookup
@ForeignObject.register_lookup
class Among(Lookup):
    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any):
        column, params = self.process_lhs(compiler, connection)
        numbers = json.dumps([*map(int, self.rhs)])
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, numbers]  # noqa: S608

    def as_postgresql(self, compiler: Any, connection: Any):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", [*params, [*map(int, self.rhs)]]
