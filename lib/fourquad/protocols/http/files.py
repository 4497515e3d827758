"""Files that never change while a meter runs: its pages. A row: (path, type, tag, data), the data packed by
gzip; the tag, with its quotes, is another one when the data is (RFC 9110, 8.8.3). A board has them in flash,
in a module of their own.
"""

from fourquad.protocols.http.reply import Reply, error

_CACHE = "no-cache"
_FOREVER = "max-age=31536000, immutable"  # of a name that has a version in it
# Nothing but the meter's own files is run or shown, and no other page may frame it.
_POLICY = (
    "Content-Security-Policy: default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'none'\r\nReferrer-Policy: no-referrer\r\n"
)


def frozen():
    """The files of a board's image."""
    try:
        module = __import__("fourquad_web")
    except ImportError:
        return ()
    return module.FILES


class Files:
    """`rows`: those to serve; None: those of the image."""

    def __init__(self, rows=None):
        self.rows = frozen() if rows is None else rows

    def find(self, request):
        """The answer to a request for a file; None where it is for something else."""
        if request.path[:5] == "/api/":
            return None
        for path, kind, tag, data in self.rows:
            if path == request.path:
                return self._give(request, kind, tag, data)
        return error(404)

    def _give(self, request, kind, tag, data):
        if request.method == "POST":
            return error(405, extra="Allow: GET, HEAD\r\n")
        cache = _FOREVER if request.query[:2] == "v=" else _CACHE
        extra = f"ETag: {tag}\r\nVary: Accept-Encoding\r\n"
        if request.match and (request.match == b"*" or tag.encode() in request.match):
            return Reply(304, extra=extra, cache=cache)
        if kind[:9] == "text/html":
            extra += _POLICY
        return Reply(200, data, kind, extra + "Content-Encoding: gzip\r\n", cache)
