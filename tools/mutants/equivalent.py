"""Mutants that no test can tell from the original, each with the reason; a run checks that they exist."""

# (file, line, the line changed, why it makes no difference)
EQUIVALENT: tuple[tuple[str, str, str, str], ...] = ()
