"""Modbus RTU: framing by silence, slave, register map."""
