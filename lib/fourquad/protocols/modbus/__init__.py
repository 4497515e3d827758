"""Modbus: requests (pdu) in frames of RTU and TCP, over a register map that is compiled from tables."""
