"""From samples to readings: kernels, synchronisation, wiring."""
