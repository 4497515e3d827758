"""MQTT 3.1.1 (OASIS, 29 October 2014): the client that publishes readings (manual 5.1.8.15)."""
