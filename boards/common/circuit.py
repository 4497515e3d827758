"""Parts of the isolated input circuits, drawn in docs/hardware.md: boards take their scaling from here, the
drawings their values and the bill of materials its rows. Ohms; currents are RMS.

A live divider instead of the transformers is an expert's option with a warning: see docs/hardware.md.
"""

# Voltage input: fuse, resistors in a row, transformer 2 mA : 2 mA, burden.
SERIES = 30100.0  # each of them
SERIES_COUNT = 4
VOLT_BURDEN = 402.0
ADS131_VOLT_BURDEN = 105.0  # each half; the middle is ground

# Current input: transformer, two burdens.
CT_RATIO = 2000
CT_BURDEN = 402.0  # each of two side by side: one that breaks does not open the secondary
ADS131_CT_BURDEN = 75.0  # each half; the middle is ground

# Filter before the chip's own converter; before an ADS131M08, in each leg.
FILTER = 3300.0
FILTER_FARADS = 10e-9
ADS131_FILTER = 1000.0

# Volts at the terminals for a volt at the converter.
VOLTS_A_VOLT = SERIES * SERIES_COUNT / VOLT_BURDEN
ADS131_VOLTS_A_VOLT = SERIES * SERIES_COUNT / (2 * ADS131_VOLT_BURDEN)

# Presets of current transformers: (amperes on the secondary side, as CT1 and CT2 declare it, for a volt at
# the converter; CT1; CT2). Those beyond 5 A are clamps of 2000 : 1 without another transformer behind them,
# with two of the burden that is named. They are declared as n : 5, because the registers of a secondary side
# end at some 60 A.
CT_5 = (CT_RATIO / (CT_BURDEN / 2), 5, 5)
CT_60 = (CT_RATIO / (63.4 / 2) * 5 / 60, 60, 5)
CT_100 = (CT_RATIO / (44.2 / 2) * 5 / 100, 100, 5)
CT_200 = (CT_RATIO / (22.1 / 2) * 5 / 200, 200, 5)
# A clamp with a burden of its own, 100 A : 333 mV, and a non-inverting amplifier of 3.3.
CT_333MV = (100 / (0.333 * 3.3) * 5 / 100, 100, 5)
ADS131_CT_5 = (CT_RATIO / (2 * ADS131_CT_BURDEN), 5, 5)
