"""A meter on the emulated RP2040."""
