"""The meter: what is measured, counted and set, behind points."""
