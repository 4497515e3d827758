"""Point ids of I/O modules: offsets into points.MODULE, and of their settings into points.SETTING.

Inputs, relays and the other terminals are numbered over all modules that a model knows; which module has
which is in the model's table MODULES.
"""

# Terminals and what is done to them: offsets into points.MODULE.
DI1 = 0  # DI1-DI28: 0 open, 1 closed
RELAY1 = 28  # RELAY1-RELAY8: 0 off, 1 on
DO1 = 36  # DO1-DO4, digital outputs: 0 off, 1 on
AI1 = 40  # AI1-AI4: 0-4095, of 20 mA or 5 V
AO1 = 44  # AO1-AO4: what is put out, mA or V (floats)
CLEAR_COUNTS = 48  # writing n clears the pulse counters of the n-th module, 0 does nothing; reads 0
COUNT1 = 64  # pulse counters of DI1-DI28, a block of its own
EVENTS = 20  # records of the sequence of events, from points.SEQUENCE on
INPUTS = 28
RELAYS = 8
OUTPUTS = 4
ANALOG = 4

# Settings, all in points.GROUP_IO. The first of a module's inputs, relays, digital outputs and analog
# terminals stand in the table MODULES; the others follow as here.
# Of inputs: which of them count pulses (bit n: the n-th of the module), how many pulses are a count.
# Of relays: RELAY_CONTROL ..., RELAY_LATCH ..., ms of a pulse.
# Of digital outputs: OUTPUT_PULSES ..., ms of a pulse, what the first and what the second puts out.
# Of analog terminals: RANGE_0_20_MA ...
IO11_DI_TYPE = 198
IO11_DI_CONSTANT = 199
IO11_RELAY_WORK = 200
IO11_RELAY_OUTPUT = 201
IO11_RELAY_PULSE = 202
IO21_DI_TYPE = 203
IO21_DI_CONSTANT = 204
IO21_DO_WORK = 205
IO21_DO_PULSE = 206
IO21_DO1_OUTPUT = 207
IO21_DO2_OUTPUT = 208
IO21_AO_TYPE = 209
IO31_DI_TYPE = 210
IO31_DI_CONSTANT = 211
IO31_RELAY_WORK = 212
IO31_RELAY_OUTPUT = 213
IO31_RELAY_PULSE = 214
IO31_AI_TYPE = 215
IO12_DI_TYPE = 216
IO12_DI_CONSTANT = 217
IO12_RELAY_WORK = 218
IO12_RELAY_OUTPUT = 219
IO12_RELAY_PULSE = 220
IO22_DI_TYPE = 221
IO22_DI_CONSTANT = 222
IO22_DO_WORK = 223
IO22_DO_PULSE = 224
IO22_DO3_OUTPUT = 225
IO22_DO4_OUTPUT = 226
IO22_AO_TYPE = 227
IO32_DI_TYPE = 228
IO32_DI_CONSTANT = 229
IO32_RELAY_WORK = 230
IO32_RELAY_OUTPUT = 231
IO32_RELAY_PULSE = 232
IO32_AI_TYPE = 233
# What an analog output follows, a place in the model's AO_PARAMETERS, and its curve: how many gradients it
# has, then four values and four outputs (start, second, third, end). Values are words of 16 bits, with a sign
# unless what is followed has values beyond 32767; outputs are codes of 0-4915.
AO1_PARAMETER = 234
AO2_PARAMETER = 235
AO3_PARAMETER = 236
AO4_PARAMETER = 237
AO1_GRADIENTS = 238
AO2_GRADIENTS = 247
AO3_GRADIENTS = 256
AO4_GRADIENTS = 265
CURVE = 9  # settings of a curve
SETTINGS_END = 274
