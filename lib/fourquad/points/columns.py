"""Columns of the rows of a model's SETTINGS and COMMANDS, which models/rows.py builds."""

# Of a setting and of a command.
OFFSET = 0  # place in points.SETTING or points.COMMAND
SEAL = 1  # what the seal does to it: meter/settings.py

# Of a setting.
DEFAULT = 2
LOW = 3
HIGH = 4
CHOICES = 5  # the only values allowed; None where all from LOW to HIGH are
ADDRESS = 6  # of its register, and how many registers; 0 where it has none
REGISTERS = 7

# Of a command.
ACT = 2  # the value that acts
IDLE = 3  # values that do nothing; the register reads the first
ELSEWHERE = 4  # values that would act on a module that is not there
COMMAND_ADDRESS = 5
