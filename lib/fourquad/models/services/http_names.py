"""Web pages: names of their settings, for people. No board loads it."""

from fourquad.points import network as n

# (offset into points.SETTING, name, unit and its scale, meaning)
SETTINGS = (
    (n.HTTP, "Web pages", "", "1: without TLS"),
    (n.HTTP_PORT, "Web pages: port", "", "80, or from 6000 on"),
    (n.HTTPS, "Web pages over TLS", "", "1: where a device has TLS, which an RP2040 has not"),
    (n.HTTPS_PORT, "Web pages over TLS: port", "", "443, or from 6000 on"),
    (n.HTTP_IDLE, "Web pages: end of a session", "min", "after the last request"),
    (n.HTTP_TITLE, "Description", "", "the title of the web pages"),
)
COMMANDS = ((n.RESET_WEB_PASSWORDS, "Reset the passwords of the web pages"),)
