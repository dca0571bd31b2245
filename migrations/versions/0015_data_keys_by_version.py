"""Data keys are found by the version of the key that wraps them, so that a renewal finds what is left.

An index; no row changes.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("key_dek", schema=None) as batch_op:
        batch_op.create_index("ix_key_dek_version", ["compartment_id", "ck_version"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("key_dek", schema=None) as batch_op:
        batch_op.drop_index("ix_key_dek_version")
