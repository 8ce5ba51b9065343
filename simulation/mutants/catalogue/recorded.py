"""By which seed, and which invariant, each mutant was found: what `make mutants ARGS=--record` writes."""

RECORDED: dict[str, tuple[int, str]] = {}
