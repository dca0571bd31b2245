"""The closed list of labels. A label says what a key or a signature is for; none serves two purposes."""

from enum import StrEnum


class Label(StrEnum):
    """`shelter/1/` and a purpose. `raw` is the label as bytes, `prefixed` the same after its u32 length."""

    raw: bytes
    prefixed: bytes

    def __new__(cls, value: str) -> "Label":
        member = str.__new__(cls, value)
        member._value_ = value
        member.raw = value.encode("ascii")
        member.prefixed = len(member.raw).to_bytes(4, "big") + member.raw
        return member

    SECTION = "shelter/1/section"
    DEK_WRAP = "shelter/1/dek-wrap"
    DEK_PUBLIC = "shelter/1/dek-public"
    CK_GRANT = "shelter/1/ck-grant"
    CK_UNDER_UK = "shelter/1/ck-under-uk"
    UK = "shelter/1/uk"
    PRIVATE = "shelter/1/private"
    CK_PRIVATE = "shelter/1/ck-private"
    SESSION = "shelter/1/session"
    DRAFT = "shelter/1/draft"
    SEGMENT = "shelter/1/segment"
    INBOX = "shelter/1/inbox"
    DROP = "shelter/1/drop"
    FILE = "shelter/1/file"
    DETAIL = "shelter/1/detail"
    COPY = "shelter/1/copy"
    CALENDAR = "shelter/1/calendar"
    BACKUP = "shelter/1/backup"

    SIGN_GENESIS = "shelter/1/sign/genesis"
    SIGN_BINDING = "shelter/1/sign/binding"
    SIGN_UNBIND = "shelter/1/sign/unbind"
    SIGN_ROSTER = "shelter/1/sign/roster"
    SIGN_KEY_VERSION = "shelter/1/sign/key-version"
    SIGN_KIT = "shelter/1/sign/kit"
    SIGN_TRAIL_HEAD = "shelter/1/sign/trail-head"
    SIGN_PAYLOAD = "shelter/1/sign/payload"
    SIGN_CALENDAR_FEED = "shelter/1/sign/calendar-feed"

    # Derivations and hashes: never the label of a sealed message.
    KDF = "shelter/1/kdf"
    KDF_VERIFIER = "shelter/1/kdf/verifier"
    KDF_UNLOCK = "shelter/1/kdf/unlock"
    CK_COMMITMENT = "shelter/1/ck-commitment"
    KIT_ID = "shelter/1/kit/id"
    KIT_X25519 = "shelter/1/kit/x25519"
    KIT_ED25519 = "shelter/1/kit/ed25519"
    KIT_BACKUP = "shelter/1/kit/backup"
    KIT_SHEET = "shelter/1/kit/sheet"
    STATEMENT = "shelter/1/statement"
    CHALLENGE = "shelter/1/challenge"
    CALENDAR_LOOKUP = "shelter/1/calendar/lookup"
    CALENDAR_X25519 = "shelter/1/calendar/x25519"
