"""Rooms, beds and stays; the database itself refuses two people in one bed.

The tables are new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NO_OVERLAP = """
    ALTER TABLE stay_bed ADD CONSTRAINT ex_stay_bed_no_overlap
    EXCLUDE USING gist
    (int4range(bed_number, bed_number, '[]') WITH &&, daterange(from_day, until_day) WITH &&)
    WHERE (bed_number IS NOT NULL)
"""
TRIGGERS = (
    """
    CREATE TRIGGER tr_stay_bed_no_overlap_insert BEFORE INSERT ON stay_bed
    WHEN NEW.bed_number IS NOT NULL
    AND (NEW.until_day IS NULL OR NEW.from_day < NEW.until_day)
    BEGIN
    SELECT RAISE(ABORT, 'stay_bed_no_overlap')
    WHERE EXISTS (SELECT 1 FROM stay_bed AS other
    WHERE other.bed_number = NEW.bed_number
    AND other.until_day IS NULL
    AND (NEW.until_day IS NULL OR other.from_day < NEW.until_day)) OR EXISTS (SELECT 1 FROM stay_bed AS other
    WHERE other.bed_number = NEW.bed_number
    AND other.until_day > NEW.from_day
    AND other.from_day < other.until_day
    AND (NEW.until_day IS NULL OR other.from_day < NEW.until_day));
    END
    """,
    """
    CREATE TRIGGER tr_stay_bed_no_overlap_update BEFORE UPDATE OF bed_number, from_day, until_day ON stay_bed
    WHEN NEW.bed_number IS NOT NULL
    AND (NEW.until_day IS NULL OR NEW.from_day < NEW.until_day)
    BEGIN
    SELECT RAISE(ABORT, 'stay_bed_no_overlap')
    WHERE EXISTS (SELECT 1 FROM stay_bed AS other
    WHERE other.bed_number = NEW.bed_number
    AND other.until_day IS NULL
    AND other.id <> OLD.id
    AND (NEW.until_day IS NULL OR other.from_day < NEW.until_day)) OR EXISTS (SELECT 1 FROM stay_bed AS other
    WHERE other.bed_number = NEW.bed_number
    AND other.until_day > NEW.from_day
    AND other.from_day < other.until_day
    AND other.id <> OLD.id
    AND (NEW.until_day IS NULL OR other.from_day < NEW.until_day));
    END
    """,
)


def upgrade() -> None:
    op.create_table(
        "stay_undo",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("made_by", sa.LargeBinary(length=16), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_undo")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_unit_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("site_id", "name", name=op.f("uq_unit_site_id_name")),
    )
    op.create_table(
        "bed",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("unit_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("offers", sa.String(length=120), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_bed_site_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_bed_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed")),
        sa.UniqueConstraint("number", name=op.f("uq_bed_number")),
    )
    with op.batch_alter_table("bed", schema=None) as batch_op:
        batch_op.create_index("ix_bed_site", ["site_id"], unique=False)
    op.create_table(
        "stay",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("party_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("head", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("days_version", sa.Integer(), nullable=False),
        sa.Column("room", sa.LargeBinary(), nullable=True),
        sa.Column("room_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('open', 'ended', 'undone')", name=op.f("ck_stay_state")),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_stay_client_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_stay_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay")),
    )
    with op.batch_alter_table("stay", schema=None) as batch_op:
        batch_op.create_index("ix_stay_client", ["client_id"], unique=False)
        batch_op.create_index("ix_stay_party", ["party_id"], unique=False)
    op.create_table(
        "bed_out",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("bed_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.CheckConstraint("until_day is null or until_day > from_day", name=op.f("ck_bed_out_days")),
        sa.ForeignKeyConstraint(["bed_id"], ["bed.id"], name=op.f("fk_bed_out_bed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bed_out")),
    )
    with op.batch_alter_table("bed_out", schema=None) as batch_op:
        batch_op.create_index("ix_bed_out_bed", ["bed_id"], unique=False)
    op.create_table(
        "hold",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("bed_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["bed_id"], ["bed.id"], name=op.f("fk_hold_bed_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint("bed_id", name=op.f("uq_hold_bed_id")),
    )
    op.create_table(
        "stay_bed",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("stay_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("bed_number", sa.Integer(), nullable=True),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.CheckConstraint("until_day is null or until_day >= from_day", name=op.f("ck_stay_bed_days")),
        sa.ForeignKeyConstraint(["bed_number"], ["bed.number"], name=op.f("fk_stay_bed_bed_number")),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_stay_bed_stay_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_bed")),
    )
    with op.batch_alter_table("stay_bed", schema=None) as batch_op:
        batch_op.create_index("ix_stay_bed_number", ["bed_number", "until_day"], unique=False)
        batch_op.create_index(
            "ix_stay_bed_open",
            ["bed_number"],
            unique=False,
            sqlite_where=sa.text("until_day IS NULL"),
            postgresql_where=sa.text("until_day IS NULL"),
        )
        batch_op.create_index("ix_stay_bed_stay", ["stay_id"], unique=False)
        batch_op.create_index("ix_stay_bed_until", ["until_day"], unique=False)
    op.create_table(
        "stay_exit",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("stay_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("client_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("leaving", sa.LargeBinary(), nullable=True),
        sa.Column("leaving_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["client.id"], name=op.f("fk_stay_exit_client_id")),
        sa.ForeignKeyConstraint(["stay_id"], ["stay.id"], name=op.f("fk_stay_exit_stay_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_exit")),
    )
    with op.batch_alter_table("stay_exit", schema=None) as batch_op:
        batch_op.create_index("ix_stay_exit_stay", ["stay_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(NO_OVERLAP)
    else:
        for trigger in TRIGGERS:
            op.execute(trigger)


def downgrade() -> None:
    op.drop_table("stay_exit")
    op.drop_table("stay_bed")
    op.drop_table("hold")
    op.drop_table("bed_out")
    op.drop_table("stay")
    op.drop_table("bed")
    op.drop_table("unit")
    op.drop_table("stay_undo")
