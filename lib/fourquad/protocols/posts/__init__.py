"""Posts of the module's data loggers to servers (KW320 manual 5.1.8.7): channel.py is a channel, http.py and
ftp.py are how it says a file.
"""
