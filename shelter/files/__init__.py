"""Scans and photographs: checked by content, re-encoded, sealed in chunks as they leave memory, viewed in the page."""
