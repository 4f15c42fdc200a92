"""What `manage.py check --deploy` and a worker that starts say of the machine."""

from __future__ import annotations

import logging

import pytest
from celery.signals import worker_ready
from django.core import checks
from django.core.checks.registry import registry

from cases.letters.walls import WallsStatus
from imrsite.security import checks as ours


def kernel_with(monkeypatch, *, landlock_abi: int, seccomp: bool) -> None:
    monkeypatch.setattr(ours, "walls_available", lambda: WallsStatus(landlock_abi, seccomp))


def test_the_check_runs_with_deploy_only():
    assert ours.check_walls in registry.get_checks(include_deployment_checks=True)
    assert ours.check_walls not in registry.get_checks()


def test_a_kernel_with_both_walls_is_no_finding(monkeypatch):
    kernel_with(monkeypatch, landlock_abi=1, seccomp=True)
    assert ours.check_walls() == []


@pytest.mark.parametrize(
    ("landlock_abi", "seccomp", "missing"),
    [
        (0, True, "lacks Landlock."),
        (4, False, "lacks seccomp."),
        (0, False, "Landlock and seccomp"),
    ],
)
def test_a_missing_wall_is_named(monkeypatch, landlock_abi, seccomp, missing):
    kernel_with(monkeypatch, landlock_abi=landlock_abi, seccomp=seccomp)
    [found] = ours.check_walls()
    assert (found.id, found.level) == ("imr.W001", checks.WARNING)
    assert missing in found.msg
    assert "5.13" in found.hint


def test_where_walls_are_required_it_says_that_nothing_is_read(monkeypatch, settings):
    kernel_with(monkeypatch, landlock_abi=0, seccomp=False)
    settings.IMR_REQUIRE_WALLS = True
    [found] = ours.check_walls()
    assert "No PDF will be read" in found.msg


def test_a_worker_that_starts_logs_it_once(monkeypatch, caplog):
    kernel_with(monkeypatch, landlock_abi=0, seccomp=True)

    with caplog.at_level(logging.WARNING, logger="imrsite.security.checks"):
        ours.warn_without_walls()
    assert len(caplog.records) == 1
    assert "lacks Landlock" in caplog.text
    assert ours.warn_without_walls in [receiver() for _, receiver in worker_ready.receivers]
