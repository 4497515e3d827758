"""MS/TP, the data link on RS-485 (clause 9)."""
