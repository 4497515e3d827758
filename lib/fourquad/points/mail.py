"""Point ids of mail: offsets into points.SETTING, in GROUP_NETWORK, and what is said of it (MAIL_SAYS)."""

MAIL = 992  # 1: mails are sent
MAIL_PORT = 993
MAIL_AUTH = 994  # 1: with user and password
MAIL_TLS = 995  # 1: only over TLS, which a device must have
MAIL_TRIGGERS = 996  # bits: ON_ALARM, ON_EVENT
MAIL_TIMED = 997  # 1: each MAIL_INTERVAL
MAIL_INTERVAL = 998  # minutes
MAIL_CONTENTS = 999  # bits: rows of the model's MAILED
MAIL_TEST = 1000  # 1-3: a test to this address; then it is 0 again
MAIL_START = 1001  # seconds of local time since 2000, two registers; 0: at once
# Texts.
MAIL_SERVER = 1008
MAIL_FROM = 1009
MAIL_SUBJECT = 1010
MAIL_USER = 1011
MAIL_PASSWORD = 1012
MAIL_TO = 1013
RECIPIENTS = 3

ON_ALARM, ON_EVENT = 1, 2

MAIL_SAYS = 6528
SAYS_RESULT = 0  # of the last attempt: a code of SMTP, or one below 100 (protocols/mail/client.py)
SAYS_WAITING = 1  # whether there is a mail to be sent
SAYS_SENT = 2  # modulo 65536
SAYS_FAILED = 3
SAYS = 4
