"""URLs of servers that are posted to: scheme://host[:port][/path]."""

PORTS = {"http": 80, "https": 443, "ftp": 21}
_MOST = 65535


def parse(url, port=0):
    """(scheme, host, port, path) of a URL as text; None if it is none that we can use. `port`: counts more
    than the URL's.
    """
    scheme, colon, rest = url.partition("://")
    scheme = scheme.lower()
    host, slash, path = rest.partition("/")
    host, colon, number = host.partition(":")
    if scheme not in PORTS or not host or "@" in host or colon and not number.isdigit():
        return None
    port = port or (int(number) if number else PORTS[scheme])
    if not 0 < port <= _MOST or " " in url:
        return None
    return scheme, host, port, "/" + path
