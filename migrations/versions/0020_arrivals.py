"""What the desk was told at the door, conflict checks, and lists of those not to admit.

The tables are new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ban",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=True),
        sa.Column("about_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_ban_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ban")),
    )
    with op.batch_alter_table("ban", schema=None) as batch_op:
        batch_op.create_index("ix_ban_site", ["site_id"], unique=False)

    op.create_table(
        "check_setting",
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("may_sleep_in", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_check_setting_site_id")),
        sa.PrimaryKeyConstraint("site_id", name=op.f("pk_check_setting")),
    )
    op.create_table(
        "conflict_check",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("answer_version", sa.Integer(), nullable=False),
        sa.Column("findings", sa.LargeBinary(), nullable=True),
        sa.Column("findings_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_conflict_check_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_check")),
        sa.UniqueConstraint("client_id", name=op.f("uq_conflict_check_client_id")),
    )
    op.create_table(
        "intake_item",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("told", sa.LargeBinary(), nullable=True),
        sa.Column("told_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_intake_item_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_item")),
        sa.UniqueConstraint("client_id", name=op.f("uq_intake_item_client_id")),
    )


def downgrade() -> None:
    op.drop_table("intake_item")
    op.drop_table("conflict_check")
    op.drop_table("check_setting")
    op.drop_table("ban")
