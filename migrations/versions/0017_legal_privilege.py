"""Privileged writing and files, certifications, family and trips of a matter, and dates shown to her caseworker.

Nothing existing changes: the new columns of a matter are empty until somebody writes there.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("matter") as batch_op:
        for name in ("asks", "family"):
            batch_op.add_column(sa.Column(name, sa.LargeBinary(), nullable=True))
            batch_op.add_column(sa.Column(f"{name}_version", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("matter") as batch_op:
        for name in ("asks", "family"):
            batch_op.alter_column(f"{name}_version", server_default=None)
    for table, section in (("legal_writing", "text"), ("legal_file", "about")):
        op.create_table(
            table,
            sa.Column("id", sa.LargeBinary(length=16), nullable=False),
            sa.Column("matter_id", sa.LargeBinary(length=16), nullable=False),
            sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
            sa.Column(section, sa.LargeBinary(), nullable=True),
            sa.Column(f"{section}_version", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(["matter_id"], ["matter.id"], name=op.f(f"fk_{table}_matter_id")),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        )
        op.create_index(f"ix_{table}_matter", table, ["matter_id"], unique=False)
    op.create_table(
        "legal_shown",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("dates", sa.LargeBinary(), nullable=True),
        sa.Column("dates_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_legal_shown_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_shown")),
        sa.UniqueConstraint("client_id", name=op.f("uq_legal_shown_client_id")),
    )


def downgrade() -> None:
    for table in ("legal_shown", "legal_file", "legal_writing"):
        op.drop_table(table)
    with op.batch_alter_table("matter") as batch_op:
        for name in ("asks", "asks_version", "family", "family_version"):
            batch_op.drop_column(name)
