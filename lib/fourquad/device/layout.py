"""Where things are in the storage area of a 2 MB part: 1408 KB, in sectors of 4 KB counted from its start.

The first 896 KB are a littlefs file system (settings); the last 512 KB are raw: half for the journal of the
registers, half for the logs to come. A board with another part brings its own numbers.
"""

SECTOR_SIZE = 4096
STORAGE_SECTORS = 352

FILES_FIRST = 0
FILES_SECTORS = 224

JOURNAL_FIRST = 224
JOURNAL_SECTORS = 64

LOGS_FIRST = 288
LOGS_SECTORS = 64

PROFILE_FIRST = LOGS_FIRST
PROFILE_SECTORS = 34  # 128 KB of records and two sectors in motion

PERIODS_FIRST = PROFILE_FIRST + PROFILE_SECTORS
PERIODS_SECTORS = 18  # 16 billing periods and two sectors in motion

EXTREMES_FIRST = PERIODS_FIRST + PERIODS_SECTORS
EXTREMES_SECTORS = 8  # so many for the flash's life: see extremes.py
