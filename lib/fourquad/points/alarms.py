"""Point ids of alarms: offsets into points.SETTING, all in points.GROUP_ALARMS, and into points.ALARM."""

# Settings for all channels.
ON = 512
FLASH = 513  # whether the backlight flashes while an alarm stands
CHANNELS = 514  # which are on, bit n: channel n+1
PAIRS = 515  # of channels that need both conditions, bit n: channels 2n+1 and 2n+2
DO1 = 516  # channels whose alarms go to the digital output, of DO1-DO4
OUTPUTS = 4

# Those of the first channel; the others' follow, FIELDS each.
FIRST = 520
CODE = 0  # what it watches, a place in the model's WATCHED
COMPARISON = 1  # GREATER, EQUAL, LESS (points/values.py)
SET_POINT = 2  # a word of 16 bits in the unit of what is watched
DELAY = 3  # 10 ms
RELAY = 4  # 1-8, 0 none
FIELDS = 5
COUNT = 16  # channels
SETTINGS_END = 600

# Points: RECORDS records of WORDS each (status, code, value, year ... ms), then:
RECORDS = 16
WORDS = 10
STANDING = 160  # channels whose alarms stand, a bit each
FLASHES = 161  # whether the backlight is to flash
LOST = 162  # records since power-up that were overwritten before they were in flash
