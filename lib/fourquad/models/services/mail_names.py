"""Mail: names and meanings, for people. No board loads it."""

from fourquad.points import mail as m


def settings(mailed):
    """(offset into points.SETTING, name, unit and its scale, meaning) of each."""
    contents = ", ".join([f"{i} {name}" for i, (name, _, _) in enumerate(mailed)])
    return (
        (m.MAIL, "Mail", "", "1: mails are sent"),
        (m.MAIL_PORT, "Mail: port of the server", "", ""),
        (m.MAIL_AUTH, "Mail: authentication", "", "1: with user and password"),
        (m.MAIL_TLS, "Mail: TLS", "", "1: only over TLS: from the first byte on port 465, else by STARTTLS"),
        (
            m.MAIL_TRIGGERS,
            "Mail: triggers",
            "",
            "bits: 0 a new alarm, 1 a new event of the sequence of events",
        ),
        (m.MAIL_TIMED, "Mail: timed", "", "1: at each interval"),
        (m.MAIL_INTERVAL, "Mail: interval", "min", ""),
        (m.MAIL_CONTENTS, "Mail: contents", "", "bits, of timed mails: " + contents),
        (m.MAIL_TEST, "Mail: test", "", "1-3: a test is sent to this address; then it is 0 again"),
        (m.MAIL_START, "Mail: start", "s", "of local time since 2000, from which intervals are counted"),
        (m.MAIL_SERVER, "Mail: server", "", "address or name"),
        (m.MAIL_FROM, "Mail: from", "", "an address, or a name"),
        (m.MAIL_SUBJECT, "Mail: subject", "", ""),
        (m.MAIL_USER, "Mail: user", "", ""),
        (m.MAIL_PASSWORD, "Mail: password", "", ""),
    ) + tuple([(m.MAIL_TO + i, f"Mail: to {i + 1}", "", "empty: nobody") for i in range(m.RECIPIENTS)])


_RESULT = (
    "of the last attempt: code of the server; 1 no address, 2 no connection, 3 no answer, 4 connection "
    "broken, 5 not understood, 6 nobody to send to, 7 no TLS, 8 no authentication that both know"
)
# (point, name, meaning)
OTHERS = (
    (m.MAIL_SAYS + m.SAYS_RESULT, "Mail: result", _RESULT),
    (m.MAIL_SAYS + m.SAYS_WAITING, "Mail: waiting", "1: a mail is to be sent"),
    (m.MAIL_SAYS + m.SAYS_SENT, "Mail: sent", "modulo 65536"),
    (m.MAIL_SAYS + m.SAYS_FAILED, "Mail: failed", "attempts, modulo 65536"),
)
