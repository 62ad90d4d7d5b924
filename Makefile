PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint bench quality lock clean

# Versions come from the lock files alone; the stamp is newer than both when .venv holds them.
.venv/.installed: .ci/locked.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r .ci/locked.txt
	touch $@

.venv/.installed-test: .venv/.installed .ci/locked-test.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r .ci/locked-test.txt
	touch $@

demo: .venv/.installed
	$(BIN)/python -m examples.demo

test: .venv/.installed-test
	$(BIN)/python -m pytest

lint: .venv/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# CPU of the whole chain over trafilatura.extract(with_metadata=True) on the same pages; PAGES is a folder of saved pages.
bench: .venv/.installed
	@status=0; for part in speed cleaning dates; do $(BIN)/python -m benchmarks.$$part $(PAGES) || status=1; done; exit $$status

# Body, headline, authors, instants beside their truth; PAGES is a folder as benchmarks/truths.py describes it.
quality: .venv/.installed
	$(BIN)/python -m benchmarks.quality $(PAGES)

lock:
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o .ci/locked.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --extra test -c .ci/locked.txt pyproject.toml -o .ci/locked-test.txt

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache
