"""Protocols: codecs and state machines over bytes and time. They know points and tables, not models."""
