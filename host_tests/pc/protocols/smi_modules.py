"""The modules that every MIB imports from, as far as a reader of one needs them: Debian has net-snmp without
those of the IETF. Macros and types are known to net-snmp by itself; names are from RFC 2578 and RFC 2579.
"""

from __future__ import annotations

from pathlib import Path

_SMI = """SNMPv2-SMI DEFINITIONS ::= BEGIN
org OBJECT IDENTIFIER ::= { iso 3 }
dod OBJECT IDENTIFIER ::= { org 6 }
internet OBJECT IDENTIFIER ::= { dod 1 }
mgmt OBJECT IDENTIFIER ::= { internet 2 }
mib-2 OBJECT IDENTIFIER ::= { mgmt 1 }
private OBJECT IDENTIFIER ::= { internet 4 }
enterprises OBJECT IDENTIFIER ::= { private 1 }
END
"""
_OTHERS = ("SNMPv2-TC", "SNMPv2-CONF")


def write(folder: Path) -> Path:
    """Put them into a folder."""
    folder.mkdir(exist_ok=True)
    (folder / "SNMPv2-SMI.txt").write_text(_SMI)
    for name in _OTHERS:
        (folder / f"{name}.txt").write_text(f"{name} DEFINITIONS ::= BEGIN\nEND\n")
    return folder
