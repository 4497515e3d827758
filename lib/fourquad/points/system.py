"""Offsets and ids that only a meter with system types, alerts and BACnet objects has (models/s4100)."""

from fourquad import points as p

# Settings: offsets into points.SETTING.
GROUP_SYSTEM = 1664
SYSTEM_TYPE = 1664  # a code of the model's SYSTEM_TYPES
SYSTEM_VOLTAGE = 1665  # 0.1 V, primary; between lines where the system has more than one
LOSS_THRESHOLD = 1666  # percent below nominal at which a phase is lost
IMBALANCE_THRESHOLD = 1667  # percent of the highest voltage
DISPLAY_UNITS = 1668  # 0 IEC, 1 IEEE
SUB_INTERVALS = 1669  # of a demand interval
SUB_INTERVAL = 1670  # 0.01 s; 0: somebody says when it ends
DEVICE_NUMBER = 1671  # instance of the BACnet device
MAX_MASTER = 1672
INFO_FRAMES = 1673
DATABASE_REVISION = 1674
RESET_PASSWORD = 1679  # of the panel's resets
VENDOR = 1675  # BACnet's identifier of the vendor
DEVICE_NAME = 1676  # texts
DEVICE_PLACE = 1677
SERIAL = 1678  # the serial number of the meter whose settings these are
LOG_ENABLE = 1680  # of the first log, those of the others LOG_STEP further on
LOG_SOURCE = 1681  # place in the model's LOGGED, from 1 on
LOG_STOPS = 1682  # whether it stops when it is full
LOG_STEP = 4
LOG_START = 1696  # texts: date and time as BACnet has them, eight octets; then that of its end
LOG_STOP = 1697
LOG_TEXTS = 2

# Command: offset into points.COMMAND.
RESTART = 48  # as if power came back

# Blocks of ids.
LOGS = p.SETTING + 1728  # records of the logs: events/trend.py
SHOWN = p.SETTING + 1792  # readings of the primary side; KeyError for one that the system type has not
RELIABLE = p.SETTING + 1856  # BACnetReliability of them, 0 no fault
DEMANDS = p.SETTING + 1920
ALERTS = p.SETTING + 1984

# Offsets into DEMANDS.
ORDER = 0  # a code of the model's ORDERS acts; reads 0
PRESENT = 1  # W, var, VA on the primary side, signed; of the last interval
MAXIMUM_IMPORT = 4  # the same, of one sign each
MAXIMUM_EXPORT = 7

# Offsets into ALERTS.
BITMAP = 0  # bit n is alert n + 1
MAXIMUM_POWER = 1  # W
VOLTAGE_RELIABILITY = 2  # of SYSTEM_VOLTAGE
ENERGY_RESETS = 3
POWER_UPS = 4
OUTPUTS = 5  # what the meter's outputs are
APPARENT = 16  # apparent energies by the direction of the active power: three for the system, each phase
APPARENT_NET = 0
APPARENT_IMPORT = 1
APPARENT_EXPORT = 2

# Offsets into LOGS, of the first log.
LOG_COUNT = 0  # records; writing 0 clears
LOG_TOTAL = 1  # records ever
LOG_SIZE = 2  # records that there is room for
LOG_FIELDS = 4  # to that of the next one
