"""Point ids of the module's data loggers and of their posts: offsets into points.SETTING, in GROUP_POSTS, and
what the part says of them (POSTED).
"""

GROUP_POSTS = 3200

# Of each logger, LOGGER_STEP further on: what it records, and how that is sent.
LOGGERS = 3
LOGGER_STEP = 16
LOGGER_ENABLE = 3200
LOGGER_CHANNEL = 3201  # by which its files are posted; 0: none
LOGGER_REAL = 3202  # bits: rows of the first table of the model's PARAMETERS; the same of the others
LOGGER_ENERGY = 3203
LOGGER_DEMAND = 3204
LOGGER_QUALITY = 3205
LOGGER_IO = 3206
LOGGER_DETAILS = 3207  # bits: INSTANT, LOWEST, HIGHEST, AVERAGE of readings and demands
LOGGER_FORM = 3208  # of posts: 0 CSV, 1 JSON
LOGGER_STAMP = 3209  # 0 local time, 1 seconds since 1970 (UTC), 2 ISO 8601
LOGGER_NAMES = 3210  # of files: 0 the time alone, 1 prefix, time and interval
LOGGER_INTERVAL = 3211  # a code of events/spans.py; the same of lengths
LOGGER_POST = 3212  # length of a file that is posted
LOGGER_LOCAL = 3213  # of one that is fetched
LOGGER_TAG = 3214  # no register has it: number of the records, another one after each change of what they are
LOGGER_KIND = 3215  # nor this: what the records are
# Of each channel, POST_STEP further on.
CHANNELS = 3
POST_STEP = 8
POST_METHOD = 3248  # 0 off, 1 HTTP, 2 FTP
POST_PORT = 3249  # 0: that of the URL, or the usual one
POST_FIXED = 3250  # 1: every file has the name POST_NAME
POST_AUTHORIZE = 3251  # 1: HTTP sends the secret
POST_TEST = 3252  # 1: a test is posted; then it is 0 again
POST_CLEAR = 3253  # 1: what waits is not posted any more; then it is 0 again
# Texts: of each channel POST_TEXTS further on, then of each logger two.
POST_TEXTS = 4
POST_URL = 3272
POST_USER = 3273  # FTP: the user; HTTP: the meter's name
POST_SECRET = 3274  # FTP: the password; HTTP: the token
POST_NAME = 3275
LOGGER_PREFIX = 3284  # of posted files, then of those that are fetched
LOGGER_PREFIXES = 2
LOGGER_DELETED = 3290  # of each logger: records before this number are in no local file; no register has it
LOGGER_START = 3294  # of each two further on: when it begins, seconds of local time since 2000, two registers

INSTANT, LOWEST, HIGHEST, AVERAGE = 1, 2, 4, 8

# What the part says, from POSTED on: POSTED_CHANNEL for each channel, then LOGGER_SAYS for each logger.
POSTED = 6400
POST_SAYS = 4
POST_RESULT = 0  # of the last attempt: a code of HTTP or FTP, or one below 100 (protocols/posts/channel.py)
POST_WAITING = 1  # records that are to be posted, 65535 where there are more
POST_SENT = 2  # files that arrived, modulo 65536
POST_FAILED = 3  # attempts that failed, modulo 65536
LOGGER_SAYS = 2
LOGGER_STATE = 0  # OFF ...
LOGGER_COUNT = 1  # records, 65535 where there are more

# LOGGER_STATE
OFF, RECORDING, PREPARING, WRONG, FAILED = range(5)

# POST_METHOD
NO_POST, HTTP, FTP = range(3)
# LOGGER_FORM
CSV, JSON = range(2)
# LOGGER_STAMP
LOCAL_TIME, UNIX_TIME, ISO_TIME = range(3)
