"""BACnet (ASHRAE 135): the application and network layers know no data link; `mstp` is one."""
