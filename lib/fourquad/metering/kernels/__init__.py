"""The sums over samples, and the spectra, for numpy and for chips without an FPU."""
