"""Services, counts that belong to nobody, money for one person.

The tables are new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "service",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("advocacy", sa.LargeBinary(), nullable=True),
        sa.Column("advocacy_version", sa.Integer(), nullable=False),
        sa.Column("legal", sa.LargeBinary(), nullable=True),
        sa.Column("legal_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_service_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
        sa.UniqueConstraint("client_id", "place", name=op.f("uq_service_client_id_place")),
    )
    op.create_table(
        "nobodys_count",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("text_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_nobodys_count_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nobodys_count")),
    )
    with op.batch_alter_table("nobodys_count", schema=None) as batch_op:
        batch_op.create_index("ix_nobodys_count_site", ["site_id", "place"], unique=False)
    op.create_table(
        "assistance",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("waiting", sa.Boolean(), nullable=False),
        sa.Column("money", sa.LargeBinary(), nullable=True),
        sa.Column("money_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_assistance_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistance")),
    )
    with op.batch_alter_table("assistance", schema=None) as batch_op:
        batch_op.create_index("ix_assistance_client", ["client_id"], unique=False)
        batch_op.create_index("ix_assistance_waiting", ["waiting"], unique=False)


def downgrade() -> None:
    op.drop_table("assistance")
    op.drop_table("nobodys_count")
    op.drop_table("service")
