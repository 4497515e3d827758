"""I/O modules: inputs and counters, relays, digital and analog outputs, all over a model's table MODULES."""
