"""Facts of people who were erased already are owed to the next holder of the key, who tells the ledgers so."""

from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

NEW_ID = {"postgresql": "uuid_send(gen_random_uuid())", "sqlite": "randomblob(16)"}


def upgrade() -> None:
    op.execute(
        f"INSERT INTO owed (id, client_id, what) SELECT {NEW_ID[op.get_bind().dialect.name]}, id, 'facts' FROM client "
        "WHERE state = 'erased' AND NOT EXISTS "
        "(SELECT 1 FROM owed WHERE owed.what = 'facts' AND owed.client_id = client.id)"
    )


def downgrade() -> None:
    """What is owed stays so: for whom it was owed before nobody can tell, and to tell it twice changes nothing."""
