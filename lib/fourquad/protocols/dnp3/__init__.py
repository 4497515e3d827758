"""DNP3 outstation (IEEE 1815): link, transport, application, database, events."""
