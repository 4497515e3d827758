"""Displays of four rows with a menu."""
