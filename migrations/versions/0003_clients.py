"""Clients, households, who works with whom, conflicts of interest, door alerts.

The tables are new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "household",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
    )
    op.create_table(
        "client",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("merged_into", sa.LargeBinary(length=16), nullable=True),
        sa.Column("keep_until", sa.Date(), nullable=True),
        sa.Column("identity", sa.LargeBinary(), nullable=True),
        sa.Column("identity_version", sa.Integer(), nullable=False),
        sa.Column("desk_card", sa.LargeBinary(), nullable=True),
        sa.Column("desk_card_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_client_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client")),
        sa.UniqueConstraint("code", name=op.f("uq_client_code")),
    )
    with op.batch_alter_table("client", schema=None) as batch_op:
        batch_op.create_index("ix_client_site", ["site_id", "code"], unique=False)
    op.create_table(
        "door_alert",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("alert", sa.LargeBinary(), nullable=True),
        sa.Column("alert_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_door_alert_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_alert")),
    )
    op.create_table(
        "assignment",
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_assignment_client_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_assignment_staff_id")),
        sa.PrimaryKeyConstraint("client_id", "staff_id", "kind", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index("ix_assignment_staff", ["staff_id", "kind"], unique=False)
    op.create_table(
        "denial",
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_denial_client_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_denial_staff_id")),
        sa.PrimaryKeyConstraint("client_id", "staff_id", name=op.f("pk_denial")),
    )
    op.create_table(
        "household_member",
        sa.Column("household_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("head", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_household_member_client_id")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_household_member_household_id")),
        sa.PrimaryKeyConstraint("household_id", "client_id", name=op.f("pk_household_member")),
    )


def downgrade() -> None:
    op.drop_table("household_member")
    op.drop_table("denial")
    op.drop_table("assignment")
    op.drop_table("door_alert")
    op.drop_table("client")
    op.drop_table("household")
