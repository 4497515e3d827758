"""One-line mutants of lib/fourquad, each run against the tests that execute its line (docs/testing.md)."""
