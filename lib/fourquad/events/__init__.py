"""What happens and is remembered: supervision of voltages and currents."""
