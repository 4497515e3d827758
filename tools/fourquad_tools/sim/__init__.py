"""The simulated meter."""
