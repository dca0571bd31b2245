"""Copies of a part of a record for a colleague without its key: that one was given, and its words until the end.

The table of words was there since the first version and nothing ever stood in it: it is made anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

FENCED = ("section_copy", "copy_given")
WHO = "(SELECT coalesce(current_setting('shelter.who', true), ''))"
DENIED = f"SELECT client_id FROM denial WHERE encode(staff_id, 'hex') = {WHO}"
MAY = f"{WHO} = 'machine' OR ({WHO} <> '' AND client_id NOT IN ({DENIED}))"


def _id(name: str, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(16), nullable=nullable)


def upgrade() -> None:
    op.drop_table("section_copy")
    op.create_table(
        "section_copy",
        _id("id"),
        _id("client_id"),
        _id("reader_id"),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_copy")),
    )
    op.create_index("ix_section_copy_reader", "section_copy", ["reader_id"])
    op.create_table(
        "copy_given",
        _id("id"),
        _id("client_id"),
        _id("giver_id"),
        _id("reader_id"),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        _id("reviewed_by", nullable=True),
        sa.Column("about", sa.LargeBinary(), nullable=True),
        sa.Column("about_version", sa.Integer(), nullable=False),
        sa.Column("review", sa.LargeBinary(), nullable=True),
        sa.Column("review_version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "giver_id <> reader_id and (reviewed_by is null or reviewed_by not in (giver_id, reader_id))",
            name=op.f("ck_copy_given_two_people"),
        ),
        sa.ForeignKeyConstraint(["giver_id"], ["staff.id"], name=op.f("fk_copy_given_giver_id_staff")),
        sa.ForeignKeyConstraint(["reader_id"], ["staff.id"], name=op.f("fk_copy_given_reader_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_copy_given")),
    )
    op.create_index("ix_copy_given_client", "copy_given", ["client_id"])
    if op.get_bind().dialect.name == "postgresql":
        for table in FENCED:
            op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
            op.execute(f"CREATE POLICY fence ON {table} USING ({MAY}) WITH CHECK ({MAY})")


def downgrade() -> None:
    op.drop_table("copy_given")
    op.drop_table("section_copy")
    op.create_table(
        "section_copy",
        _id("id"),
        _id("reader_id"),
        sa.Column("table_name", sa.String(40), nullable=False),
        _id("row_id"),
        sa.Column("section", sa.String(40), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_section_copy")),
    )
