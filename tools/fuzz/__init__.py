"""Coverage-guided fuzzing of protocols, loaders and flash images with atheris (docs/testing.md)."""
