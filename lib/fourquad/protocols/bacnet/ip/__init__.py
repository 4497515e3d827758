"""BACnet/IP (ASHRAE 135, annex J): the data link of UDP, and who is told what changes."""
