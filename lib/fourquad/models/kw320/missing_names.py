"""KW320: what the manual documents and this meter does not have yet, for people. No board loads it."""

# (first address, last address, what it is, section of the manual); all of it answers exception 02.
REGISTERS = (
    (0x4F02, 0x4F14, "State, address and name of a mesh module", "6.3.7"),
    (0x8CFD, 0x8D4F, "Power quality events (kw320q)", "6.3.8"),
    (0x8E00, 0x8E43, "Waveforms (kw320q)", "6.3.8"),
)
