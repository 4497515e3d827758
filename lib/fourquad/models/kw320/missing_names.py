"""KW320: what the manual documents and this meter does not have yet, for people. No board loads it."""

# (first address, last address, what it is, section of the manual); all of it answers exception 02.
REGISTERS = ((0x4F02, 0x4F14, "State, address and name of a mesh module", "6.3.7"),)
