"""What the simulated meter is wired to: loads, recordings, front end."""
