"""What is said of funders' files, how a form was counted, and who of one's own people stands behind a number."""

from shelter.funders.queries.files import File, KnownGrant, Worked, agency_day, files, grants, project_choices, worked
from shelter.funders.queries.questions import Asked, asked

__all__ = [
    "Asked",
    "File",
    "KnownGrant",
    "Worked",
    "agency_day",
    "asked",
    "files",
    "grants",
    "project_choices",
    "worked",
]
