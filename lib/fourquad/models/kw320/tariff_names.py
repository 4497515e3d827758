"""KW320: names of the registers of its tariffs, which are ours, for people. No board loads it."""

from fourquad import points as p

# Of each block: first point, (place, registers, name, form, meaning, access) of its lines.
BLOCKS = (
    (
        p.SCHEDULE,
        (
            (0, 1, "Time of use", "word", "0 off: T1 always, no icon; 1 on", "R/W"),
            (
                1,
                1,
                "Table that the registers below show",
                "word",
                "0-3 daily profiles 1-4, 4 seasons, 5 weekend, 6 time zone, 7-16 holidays of a year each",
                "R/W",
            ),
            (2, 1, "Its length", "word", "bytes; a table is written from here on, whole", "R/W"),
            (3, 37, "Its bytes", "word", "two a register, the first high; then zeros", "R/W"),
        ),
    ),
)

_ABOUT = """Registers of our own: the manual has none for a schedule. [What the tables hold](../billing.md); \
all but the number of the table is sealed always. 103AH-103EH clear the maximum demands of tariffs 1 \
(sharp), 2 (peak), 3 (valley), 4 (normal), and of all."""

SECTIONS = (("Tariffs", 0xD600, 0xD627, _ABOUT),)
