"""Copies of a part of a record for a colleague without its key: that one was given, and its words until the end.

The table of words was there since the first version and nothing ever stood in it. What the version before reads and
deletes by (the section of a row) stays, empty, until the next release.
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

FENCED = ("section_copy", "copy_given")
BEFORE = {"table_name": sa.String(40), "row_id": sa.LargeBinary(16), "section": sa.String(40)}
WHO = "(SELECT coalesce(current_setting('shelter.who', true), ''))"
DENIED = f"SELECT client_id FROM denial WHERE encode(staff_id, 'hex') = {WHO}"
MAY = f"{WHO} = 'machine' OR ({WHO} <> '' AND client_id NOT IN ({DENIED}))"


def _id(name: str, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(16), nullable=nullable)


def upgrade() -> None:
    with op.batch_alter_table("section_copy") as batch_op:
        batch_op.add_column(_id("client_id"))
        for name, kind in BEFORE.items():
            batch_op.alter_column(name, existing_type=kind, nullable=True)
        batch_op.alter_column("ends", existing_type=sa.Date(), type_=sa.DateTime(timezone=True))
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
    op.execute("DELETE FROM section_copy")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP POLICY fence ON section_copy")
        op.execute("ALTER TABLE section_copy DISABLE ROW LEVEL SECURITY")
    op.drop_index("ix_section_copy_reader", table_name="section_copy")
    with op.batch_alter_table("section_copy") as batch_op:
        batch_op.alter_column("ends", existing_type=sa.DateTime(timezone=True), type_=sa.Date())
        for name, kind in BEFORE.items():
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.drop_column("client_id")
