"""How `manage.py run` learns that it should stop."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from imrsite.running.stopping import Stop, StopSignals

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@pytest.fixture
def signals() -> Iterator[StopSignals]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    heard = StopSignals()
    heard.listen()
    yield heard
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_stops_what_is_going_on(signals, number):
    with pytest.raises(Stop):
        signal.raise_signal(number)
    assert signals.came


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_is_remembered_where_python_drops_the_exception(signals):
    class Dropping:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGTERM)

    one = Dropping()
    del one
    assert signals.came
