"""The key tables, the packed stores, what lies aside, and the trail. Nothing here has a foreign key into data.

The tables are new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_entry",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("feed_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entry")),
    )
    with op.batch_alter_table("calendar_entry", schema=None) as batch_op:
        batch_op.create_index("ix_calendar_entry_feed", ["feed_id"], unique=False)
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("lookup_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("lookup_hash", name=op.f("uq_calendar_feed_lookup_hash")),
    )
    op.create_table(
        "compartment",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compartment")),
        sa.UniqueConstraint("kind", "client_id", "site_id", name=op.f("uq_compartment_kind_client_id_site_id")),
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index("ix_draft_staff", ["staff_id"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("compartment_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("ck_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_compartment", ["compartment_id"], unique=False)
    op.create_table(
        "key_dek",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("subject_kind", sa.String(length=12), nullable=False),
        sa.Column("subject_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("compartment_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("wrap", sa.String(length=6), nullable=False),
        sa.Column("ck_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("wrap in ('ck', 'public')", name=op.f("ck_key_dek_wrap")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_dek")),
    )
    with op.batch_alter_table("key_dek", schema=None) as batch_op:
        batch_op.create_index("ix_key_dek_subject", ["subject_id", "compartment_id"], unique=False)
    op.create_table(
        "key_grant",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("compartment_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("member_kind", sa.String(length=4), nullable=False),
        sa.Column("member_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("wrap", sa.String(length=4), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("member_kind in ('user', 'kit')", name=op.f("ck_key_grant_member_kind")),
        sa.CheckConstraint("wrap in ('hpke', 'uk')", name=op.f("ck_key_grant_wrap")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_grant")),
        sa.UniqueConstraint(
            "compartment_id",
            "version",
            "member_kind",
            "member_id",
            name=op.f("uq_key_grant_compartment_id_version_member_kind_member_id"),
        ),
    )
    with op.batch_alter_table("key_grant", schema=None) as batch_op:
        batch_op.create_index("ix_key_grant_member", ["member_id"], unique=False)
    op.create_table(
        "key_statement",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("signer", sa.LargeBinary(length=16), nullable=False),
        sa.Column("signatures", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_key_statement")),
    )
    op.create_table(
        "key_tombstone",
        sa.Column("subject_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("subject_kind", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_key_tombstone")),
    )
    op.create_table(
        "key_user",
        sa.Column("user_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kdf", sa.String(length=60), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("verifier", sa.LargeBinary(), nullable=False),
        sa.Column("uk_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("uk_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("exchange_public", sa.LargeBinary(), nullable=False),
        sa.Column("signing_public", sa.LargeBinary(), nullable=False),
        sa.Column("exchange_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("signing_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("factors_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("pin_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_key_user")),
    )
    op.create_table(
        "key_version",
        sa.Column("compartment_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("private_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("compartment_id", "version", name=op.f("pk_key_version")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=40), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_done", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("reader_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("compartment_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_reader", ["reader_id", "seen"], unique=False)
    op.create_table(
        "pseudonym_key",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("secret_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pseudonym_key")),
    )
    op.create_table(
        "section_copy",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("reader_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_copy")),
    )
    op.create_table(
        "segment",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("store", sa.String(length=16), nullable=False),
        sa.Column("scope_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("compartment_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("store", "scope_id", "no", name=op.f("uq_segment_store_scope_id_no")),
    )
    op.create_table(
        "staged_import",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("alive_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_import")),
    )
    op.create_table(
        "trail",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("prev", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("clause", sa.String(length=80), nullable=False),
        sa.Column("detail_hash", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_trail")),
    )
    op.create_table(
        "trail_detail",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ck_version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_trail_detail")),
    )
    op.create_table(
        "trail_signature",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", "user_id", name=op.f("pk_trail_signature")),
    )
    op.create_table(
        "trail_subject",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("seq", "client_id", name=op.f("pk_trail_subject")),
    )
    with op.batch_alter_table("trail_subject", schema=None) as batch_op:
        batch_op.create_index("ix_trail_subject_client", ["client_id", "seq"], unique=False)
    op.create_table(
        "trail_write",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("row_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("section", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", "no", name=op.f("pk_trail_write")),
    )
    with op.batch_alter_table("trail_write", schema=None) as batch_op:
        batch_op.create_index("ix_trail_write_row", ["row_id", "section", "version"], unique=False)


def downgrade() -> None:
    op.drop_table("trail_write")
    op.drop_table("trail_subject")
    op.drop_table("trail_signature")
    op.drop_table("trail_detail")
    op.drop_table("trail")
    op.drop_table("staged_import")
    op.drop_table("segment")
    op.drop_table("section_copy")
    op.drop_table("pseudonym_key")
    op.drop_table("message")
    op.drop_table("lease")
    op.drop_table("key_version")
    op.drop_table("key_user")
    op.drop_table("key_tombstone")
    op.drop_table("key_statement")
    op.drop_table("key_grant")
    op.drop_table("key_dek")
    op.drop_table("inbox")
    op.drop_table("draft")
    op.drop_table("compartment")
    op.drop_table("calendar_feed")
    op.drop_table("calendar_entry")
