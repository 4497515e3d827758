"""What outlives a power cut: settings as files, registers in a journal over raw flash sectors."""
