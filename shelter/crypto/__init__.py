"""The message format and the key graph: everything that seals, opens, signs or derives.

The only room that imports `cryptography`. It knows no database, no request and no person: callers hand it
bytes.
"""
