"""What the agent counts: the places of its counters. Those of the group `snmp` (RFC 1213, RFC 3418) are at
the numbers that their names end with.
"""

IN = 1
OUT = 2
BAD_VERSIONS = 3
BAD_NAMES = 4  # communities
BAD_USES = 5
PARSE_ERRORS = 6
REQUESTED = 13  # objects that were read
GETS = 15
GET_NEXTS = 16
SETS = 17
IN_RESPONSES = 18
TOO_BIGS = 20
NO_SUCH_NAMES = 21
GEN_ERRORS = 24  # of all other kinds
RESPONSES = 28
TRAPS = 29  # notifications that were sent
AUTHEN_TRAPS = 30  # snmpEnableAuthenTraps, which is no counter
SILENT = 31  # requests that could not be answered
LAST = 32
# RFC 3412: snmpUnknownSecurityModels, snmpInvalidMsgs, snmpUnknownPDUHandlers.
UNKNOWN_MODELS = 33
INVALID = 34
UNKNOWN_PDUS = 35
# RFC 3414: usmStats.
LEVELS = 36
WINDOWS = 37
USERS = 38
ENGINES = 39
DIGESTS = 40
DECRYPTIONS = 41
CONTEXTS = 42  # RFC 3413: snmpUnknownContexts
LOST = 43  # notifications that gave way to newer ones, not an object of these MIBs
COUNT = 44

ERRORS = {1: TOO_BIGS, 2: NO_SUCH_NAMES}


def add(counts, which):
    """Count one more, modulo 2**32."""
    counts[which] = (counts[which] + 1) & 0xFFFFFFFF
