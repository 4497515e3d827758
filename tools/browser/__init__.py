"""Chromium without a window: for the tests of the web pages (host_tests/pc/web) and for their pictures."""
