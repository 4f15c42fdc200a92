"""What the schema can't say of valid data, for the fuzzer: that a search line may not be
understood, that a cursor comes from an answer, and how a letter begins."""

from __future__ import annotations

import schemathesis
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

# Of `q` and `cursor` few values mean anything; a file may come without its name, and a day of
# receipt lie in the future.
BY_CHANCE = {"q", "cursor", "files", "received_on"}


@schemathesis.check
def valid_data_is_accepted(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case
) -> None:
    """In place of `positive_data_acceptance`: what is refused nevertheless is refused for a reason
    that the schema has no words for, and is named."""
    if not case.meta or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    if response.status_code == 400:
        named = {mistake["parameter"] for mistake in response.json()["errors"]}
        assert named, f"refused without a reason: {response.text}"
        assert named <= BY_CHANCE, f"valid data refused: {response.text}"
    elif response.status_code == 422:
        refused = [one for one in response.json()["files"] if one["outcome"] == "refused"]
        assert refused
        assert all(one["error"]["code"] == "not-a-pdf" for one in refused)
    else:
        assert response.status_code in (200, 201, 404, 414), response.text


letters = st.binary(max_size=200).map(lambda rest: b"%PDF-1.4\n" + rest)
schemathesis.openapi.media_type("application/pdf", letters)
