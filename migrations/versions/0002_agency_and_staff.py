"""The agency, its sites and settings, and the people who work there.

The tables are new; there are no rows to move.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("name_on_screen", sa.String(length=80), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("night_begins", sa.Integer(), nullable=False),
        sa.Column("fictional", sa.Boolean(), nullable=False),
        sa.Column("exit_url", sa.String(length=200), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
    )
    op.create_table(
        "field_setting",
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("why_we_ask", sa.String(length=600), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("field", "language", name=op.f("pk_field_setting")),
    )
    op.create_table(
        "field_shown",
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("field", name=op.f("pk_field_shown")),
    )
    op.create_table(
        "pick_setting",
        sa.Column("picklist", sa.String(length=60), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("picklist", "code", "language", name=op.f("pk_pick_setting")),
    )
    op.create_table(
        "site",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("code_name", sa.String(length=60), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("night_begins", sa.Integer(), nullable=False),
        sa.Column("open_to_caseworkers", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("house", sa.LargeBinary(), nullable=True),
        sa.Column("house_version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_site")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("sign_in_name", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("founder", sa.Boolean(), nullable=False),
        sa.Column("made_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("bound_by", sa.LargeBinary(length=16), nullable=True),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.Column("theme", sa.String(length=5), nullable=False),
        sa.Column("house", sa.LargeBinary(), nullable=True),
        sa.Column("house_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('invited', 'waiting', 'active', 'left')", name=op.f("ck_staff_state")),
        sa.CheckConstraint(
            "founder or made_by is null or bound_by is null or made_by <> bound_by", name=op.f("ck_staff_two_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("sign_in_name", name=op.f("uq_staff_sign_in_name")),
    )
    op.create_table(
        "throttle",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttle")),
    )
    op.create_table(
        "used_challenge",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_challenge")),
    )
    op.create_table(
        "cover",
        sa.Column("id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("for_staff", sa.LargeBinary(length=16), nullable=False),
        sa.Column("by_staff", sa.LargeBinary(length=16), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["by_staff"], ["staff.id"], name=op.f("fk_cover_by_staff")),
        sa.ForeignKeyConstraint(["for_staff"], ["staff.id"], name=op.f("fk_cover_for_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover")),
    )
    with op.batch_alter_table("cover", schema=None) as batch_op:
        batch_op.create_index("ix_cover_by_staff", ["by_staff", "ends"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_invitation_staff_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitation")),
    )
    op.create_table(
        "session",
        sa.Column("sid_hash", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("uk_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("uk_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("factors", sa.String(length=20), nullable=False),
        sa.Column("step_up_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_session_staff_id")),
        sa.PrimaryKeyConstraint("sid_hash", name=op.f("pk_session")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index("ix_session_staff", ["staff_id"], unique=False)
    op.create_table(
        "staff_role",
        sa.Column("staff_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_role_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "role", name=op.f("pk_staff_role")),
    )
    op.create_table(
        "staff_site",
        sa.Column("staff_id", sa.LargeBinary(length=16), nullable=False),
        sa.Column("site_id", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_staff_site_site_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_site_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "site_id", name=op.f("pk_staff_site")),
    )


def downgrade() -> None:
    op.drop_table("staff_site")
    op.drop_table("staff_role")
    op.drop_table("session")
    op.drop_table("invitation")
    op.drop_table("cover")
    op.drop_table("used_challenge")
    op.drop_table("throttle")
    op.drop_table("staff")
    op.drop_table("site")
    op.drop_table("pick_setting")
    op.drop_table("field_shown")
    op.drop_table("field_setting")
    op.drop_table("agency")
