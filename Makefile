# The two commands: `make run` serves the product, `make test` proves it. Both set up first.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

# What `manage.py check --deploy` is asked about: production, with nothing but these set.
PRODUCTION := SECRET_KEY=only-to-check-the-settings-R9vTq2Lx8ZpKd4Wm7YbHc3NfJs6GuAe5 \
	ALLOWED_HOSTS=imr.example.org DATABASE_URL=postgres://imr@localhost/imr
# The same with single sign-on and second factor.
SIGN_IN := OIDC_ISSUER=https://id.example.org OIDC_CLIENT_ID=imr OIDC_CLIENT_SECRET=told \
	SECOND_FACTOR=required

.PHONY: setup setup-dev run test coverage test-postgres lint lock audit bench soak
.DEFAULT_GOAL := run

setup: $(VENV)/.installed

setup-dev: $(VENV)/.installed-dev

run: setup
	@$(PY) manage.py run

PYTEST := -m pytest -n auto --dist worksteal
test: setup-dev
	@$(PY) $(PYTEST) $(ARGS)

# The same, and which lines and branches they run: a third slower.
coverage: setup-dev
	@$(PY) $(PYTEST) --cov --cov-report=term $(ARGS)

# The same on PostgreSQL and Redis, each a server of the tests' own.
test-postgres: setup-dev
	@$(PY) -m tests.on_postgres -n auto --dist worksteal $(ARGS)

lint: setup-dev
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports --no-cache >/dev/null || $(VENV)/bin/lint-imports --no-cache
	@DATABASE_URL=sqlite://:memory: $(PY) manage.py makemigrations --check --dry-run
	@$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING
	@$(PRODUCTION) $(SIGN_IN) $(PY) manage.py check --deploy --fail-level WARNING
	@$(MAKE) --no-print-directory audit

# The exact versions and hashes of all that the readable requirements need, for every Python and
# platform at once. Without UPGRADE=1 what is locked stays as long as the requirements allow it.
COMPILE := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade)
lock: setup-dev
	@$(COMPILE) requirements-tools.txt -o requirements-tools.lock
	@$(COMPILE) requirements.txt -o requirements.lock
	@$(COMPILE) -c requirements.lock requirements-dev.txt -o requirements-dev.lock
	@$(COMPILE) -c requirements.lock -c requirements-dev.lock requirements-audit.txt \
		-o requirements-audit.lock

# Known weaknesses of what is installed, where the advisories can be reached.
ADVISORIES := api.osv.dev
audit: setup-dev
	@if timeout 5 $(PY) -c 'import socket; socket.create_connection(("$(ADVISORIES)", 443), 3)' \
		2>/dev/null; then \
		$(INSTALL) requirements-audit.lock \
			&& $(PY) -m pip_audit --local --vulnerability-service osv --progress-spinner off; \
	else \
		echo "Audit of dependencies skipped: $(ADVISORIES) can’t be reached from here."; \
	fi

# N letters (2,000 unless told) while workers and brokers are killed, then odd and hostile files.
soak: setup-dev
	@N=$(N) $(PY) -m tests.faults.soak

# All benches, or those in BENCH; N=100000 for more cases, LETTERS=500 for more letters.
bench: setup-dev
	@$(PY) -m tests.bench $(BENCH)

# The stamps say which requirements are installed, so that a second time costs nothing.
INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r

$(VENV)/.tools: requirements-tools.lock | $(PY)
	@$(INSTALL) requirements-tools.lock
	@touch $@

$(VENV)/.installed: requirements.lock $(VENV)/.tools
	@echo "Installing what the product runs on …"
	@$(INSTALL) requirements.lock
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing what the tests need …"
	@$(INSTALL) requirements-dev.lock
	@touch $@

$(PY):
	@command -v $(PYTHON) >/dev/null || { \
		echo "There is no $(PYTHON). Install Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is $$($(PYTHON) --version 2>&1); Python 3.11 or newer is needed." \
			"If you have one: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments." \
			"On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
