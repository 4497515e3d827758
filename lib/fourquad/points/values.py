"""Values of settings that are codes: our own, whatever number a model's registers have for them; where they
differ, the model's register map translates (the kind `choice`).
"""

# NOMINAL_FREQUENCY
HZ_50 = 0
HZ_60 = 1
HZ_400 = 2

# WIRING_U; metering/wiring.py has its rows in this order, and those of the currents
WIRING_3LN = 0
WIRING_1LN = 1
WIRING_2LL = 2
WIRING_3LL = 3
WIRING_1LL = 4

# WIRING_I: transformers of currents
THREE_CT = 0
ONE_CT = 1
TWO_CT = 2

# POLARITY_1 ...
POSITIVE = 0
NEGATIVE = 1

# VAR_PF_CONVENTION
IEC = 0
IEEE = 1

# ENERGY_WAVE
FUNDAMENTAL = 0
FULL_WAVE = 1

# REACTIVE_MODE: of the displaced fundamental alone, or all of S that is not P
TRUE_REACTIVE = 0
GENERALIZED_REACTIVE = 1

# ENERGY_SIDE
ENERGY_PRIMARY = 0
ENERGY_SECONDARY = 1

# BASIC_MODE: the side that the float readings present
PRESENT_SECONDARY = 0
PRESENT_PRIMARY = 1

# PARITY_1 ...: of eight data bits
PARITY_EVEN = 0
PARITY_ODD = 1
PARITY_NONE_2 = 2  # with two stop bits
PARITY_NONE_1 = 3

# DEMAND_MODE
DEMAND_FIXED = 0
DEMAND_SLIDING = 1
DEMAND_THERMAL = 2
DEMAND_ROLLING = 3
DEMAND_EXTERNAL = 4  # of windows that SYNCHRONISE_DEMAND ends

# PULSE_SOURCE
PULSE_ACTIVE = 0
PULSE_REACTIVE = 1

# IO11_RELAY_WORK ...
RELAY_CONTROL = 0
RELAY_ALARM = 1

# IO11_RELAY_OUTPUT ...
RELAY_LATCH = 0
RELAY_PULSE = 1

# IO21_DO_WORK ...
OUTPUT_PULSES = 0
OUTPUT_ALARM = 1

# IO21_DO1_OUTPUT ...: the energy whose pulses are put out
PULSES_NONE = 0
PULSES_ACTIVE_IMPORT = 1
PULSES_ACTIVE_EXPORT = 2
PULSES_REACTIVE_IMPORT = 3
PULSES_REACTIVE_EXPORT = 4

# IO21_AO_TYPE, IO31_AI_TYPE ...
RANGE_0_20_MA = 0
RANGE_4_20_MA = 1
RANGE_0_5_V = 2
RANGE_1_5_V = 3

# Comparisons of alarms.
GREATER = 1
EQUAL = 2
LESS = 3

# What an alarm watches (the column WATCH).
WATCH_VALUE = 0  # a value by comparison and set point
WATCH_SIGNED = 1  # the same, the set point has a sign
WATCH_ORDER = 2  # an angle that tells a reversed phase order, whatever comparison and set point are
WATCH_INPUT = 3  # an input, of which the set point says which state is an alarm: INPUT_ON ...

# Set points of inputs.
INPUT_ON = 1
INPUT_OFF = 2
INPUT_GOES_OFF = 3  # as INPUT_OFF, once it has been on

# DATE_FORM
YEAR_MONTH_DAY = 0
MONTH_DAY_YEAR = 1

# DISPLAY_CONTINUOUS
DISPLAY_TIMED = 0
DISPLAY_STEADY = 1
