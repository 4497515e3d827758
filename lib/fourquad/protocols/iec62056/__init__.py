"""IEC 62056-21 mode C: link, data sets, programming commands and load profile of a tariff device."""
