"""Mail (KW320 manual 5.1.8.4): client.py talks to a server of SMTP, message.py is what it says."""
