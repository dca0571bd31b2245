"""The servers and measures that tests stand on: databases, a browser, a page's anatomy. No tests."""
