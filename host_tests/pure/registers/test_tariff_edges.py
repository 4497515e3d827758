"""Energies by tariff and time-of-use tables where one step more or less would show."""
