"""HTTP/1.1 (RFC 9110, 9112): the web pages of a meter, and what they ask it for (docs/web-api.md)."""
