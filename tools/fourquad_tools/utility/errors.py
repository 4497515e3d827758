"""What can go wrong at the other end of a line, in the meter's own terms."""

from __future__ import annotations

ILLEGAL_FUNCTION = 1
ILLEGAL_ADDRESS = 2
ILLEGAL_VALUE = 3
DEVICE_FAILURE = 4
NOBODY = 11

WHY = {
    ILLEGAL_FUNCTION: "it does not know this function",
    ILLEGAL_ADDRESS: "no such register, or one that cannot be written",
    ILLEGAL_VALUE: "a value outside its range",
    DEVICE_FAILURE: "sealed, not permitted, or of a module that is not connected",
    NOBODY: "nobody has this address there",
}


class UtilityError(Exception):
    """The meter refused or did not answer (exit status 1)."""


class NoAnswer(UtilityError):
    """Nothing came, or nothing that is an answer."""


class Refused(UtilityError):
    """The meter answers with an exception, whose number is `code`."""

    def __init__(self, code: int, what: str) -> None:
        super().__init__(f"{what}: the meter refuses with exception {code:02X}: {WHY.get(code, 'unknown')}")
        self.code = code


class NotRestored(UtilityError):
    """Something was written and could not be taken back."""
