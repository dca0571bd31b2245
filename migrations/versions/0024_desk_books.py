"""The books of a house, what is kept for somebody, and requests that could not be met.

The tables are new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "door_entry",
        sa.Column("entry", sa.LargeBinary(), nullable=True),
        sa.Column("entry_version", sa.Integer(), nullable=False),
        sa.Column("whom", sa.LargeBinary(), nullable=True),
        sa.Column("whom_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_door_entry_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_entry")),
    )
    with op.batch_alter_table("door_entry", schema=None) as batch_op:
        batch_op.create_index("ix_door_entry_site", ["site_id", "no"], unique=False)

    op.create_table(
        "hand_over",
        sa.Column("house", sa.LargeBinary(), nullable=True),
        sa.Column("house_version", sa.Integer(), nullable=False),
        sa.Column("people", sa.LargeBinary(), nullable=True),
        sa.Column("people_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_hand_over_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
    )
    with op.batch_alter_table("hand_over", schema=None) as batch_op:
        batch_op.create_index("ix_hand_over_site", ["site_id", "no"], unique=False)

    op.create_table(
        "incident",
        sa.Column("report", sa.LargeBinary(), nullable=True),
        sa.Column("report_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_incident_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index("ix_incident_site", ["site_id", "no"], unique=False)

    op.create_table(
        "on_call",
        sa.Column("turn", sa.LargeBinary(), nullable=True),
        sa.Column("turn_version", sa.Integer(), nullable=False),
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_on_call_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_on_call")),
    )
    with op.batch_alter_table("on_call", schema=None) as batch_op:
        batch_op.create_index("ix_on_call_site", ["site_id", "no"], unique=False)

    op.create_table(
        "turned_away",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=True),
        sa.Column("request_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_turned_away_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turned_away")),
    )
    with op.batch_alter_table("turned_away", schema=None) as batch_op:
        batch_op.create_index("ix_turned_away_site", ["site_id"], unique=False)

    op.create_table(
        "waiting",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=True),
        sa.Column("request_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_waiting_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
    )
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.create_index("ix_waiting_site", ["site_id"], unique=False)

    op.create_table(
        "desk_facts",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=True),
        sa.Column("facts_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_desk_facts_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_facts")),
        sa.UniqueConstraint("client_id", name=op.f("uq_desk_facts_client_id")),
    )
    op.create_table(
        "kept_thing",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("thing", sa.LargeBinary(), nullable=True),
        sa.Column("thing_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_kept_thing_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_thing")),
    )
    with op.batch_alter_table("kept_thing", schema=None) as batch_op:
        batch_op.create_index("ix_kept_thing_client", ["client_id"], unique=False)


def downgrade() -> None:
    op.drop_table("waiting")
    op.drop_table("turned_away")
    op.drop_table("desk_facts")
    op.drop_table("kept_thing")
    op.drop_table("on_call")
    op.drop_table("door_entry")
    op.drop_table("incident")
    op.drop_table("hand_over")
