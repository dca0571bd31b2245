"""The English sentences for refusals, notes and problems; pages and terminal translate them.

A sentence names the `values` of its refusal or note as `%(name)s`. No value about a person is among them.
"""

from typing import Final

from shelter.exchange.hmis.problems import Reason


def _(text: str) -> str:
    """Mark a sentence for the catalogue; it is translated where it is shown."""
    return text


REFUSALS: Final[dict[str, str]] = {
    "import.not_found": _("There is no file or folder at this path."),
    "import.not_a_zip": _("This file is not a ZIP archive."),
    "import.broken_zip": _("This ZIP archive is damaged. Ask for the export again."),
    "import.archive_too_large": _("This archive is larger than %(limit)s MB."),
    "import.too_large": _("The files in this export are larger than %(limit)s MB when unpacked."),
    "import.bomb": _("This archive unpacks to more than %(limit)s times its size, which no HMIS export does."),
    "import.too_many_members": _("This archive holds more than %(limit)s files."),
    "import.encrypted": _("This archive is locked with a password. Unpack it first, then import the folder."),
    "import.compression": _("This archive uses an unusual compression. Pack it again as an ordinary ZIP."),
    "import.bad_member_name": _("A file in this archive has a name that points outside of it."),
    "import.member_twice": _("A file is in this archive twice."),
    "import.link": _("A file in this export is a link to another place."),
    "import.not_a_file": _("Something in this folder is not an ordinary file."),
    "import.not_flat": _("The files of this export are spread over several folders."),
    "import.changed": _("A file changed while it was being read. Start again."),
    "import.utf16": _("%(file)s.csv is written in UTF-16. Save it as UTF-8."),
    "import.missing_file": _("%(file)s.csv is missing, so this is not a whole HMIS export."),
    "import.empty_file": _("%(file)s.csv is empty."),
    "import.missing_key_column": _("%(file)s.csv has no column %(column)s."),
    "import.key_column_twice": _("%(file)s.csv has the column %(column)s twice."),
    "import.too_many_columns": _("%(file)s.csv has more than %(limit)s columns."),
    "import.line_too_long": _("%(file)s.csv has a line or a row longer than %(limit)s characters, at line %(line)s."),
    "import.export_rows": _("Export.csv must have one row and has %(count)s."),
    "import.unknown_version": _("This is no FY2022, FY2024 or FY2026 export."),
}

NOTES: Final[dict[str, str]] = {
    "import.note.folder": _("The files were inside one folder."),
    "import.note.ignored": _("%(count)s files are no part of an HMIS export and were not read."),
    "import.note.missing_file": _("%(file)s.csv is not in this export."),
    "import.note.empty_file": _("%(file)s.csv is empty."),
    "import.note.file_spelled": _("%(file)s.csv is spelled otherwise in this export."),
    "import.note.cp1252": _("%(file)s.csv is not UTF-8 and was read as Windows-1252."),
    "import.note.latin1": _("%(file)s.csv is not UTF-8 and was read as Latin-1."),
    "import.note.missing_columns": _("%(file)s.csv lacks %(count)s columns: %(columns)s."),
    "import.note.extra_columns": _("%(file)s.csv has %(count)s columns of its own; they are kept as written."),
    "import.note.column_spelled": _("%(file)s.csv spells %(count)s columns otherwise: %(columns)s."),
    "import.note.column_twice": _("%(file)s.csv has %(count)s column names twice; the later ones get a number."),
    "import.note.version_guessed": _("The export does not say its version; its columns are those of %(year)s."),
    "import.note.version_differs": _("The export says %(stated)s, its columns are those of %(year)s."),
    "import.note.names_hashed": _("Names and numbers are hashed; these clients are shown by their code."),
    "import.note.problems_cut": _("Only the first %(limit)s problems are listed; the counts are whole."),
}

PROBLEMS: Final[dict[Reason, str]] = {
    Reason.UNREADABLE_DATE: _("This date cannot be read; it is kept as written."),
    Reason.UNREADABLE_NUMBER: _("This number cannot be read; it is kept as written."),
    Reason.NOT_IN_LIST: _("This code is not in the list of its year; it is kept as written."),
    Reason.READ_AS: _("This is written in an unusual way and was read as month/day/year or as a whole number."),
    Reason.NUL_BYTE: _("This row holds NUL bytes."),
    Reason.TOO_FEW_CELLS: _("This row has fewer cells than the header; the missing ones are blank."),
    Reason.TOO_MANY_CELLS: _("This row has more cells than the header, so its cells cannot be told apart."),
    Reason.UNREADABLE_ROW: _("This row cannot be read: a quotation mark is missing or a cell is too long."),
    Reason.KEY_MISSING: _("This row has no key."),
    Reason.KEY_TWICE: _("Another row before it has the same key and says something else."),
    Reason.ROW_TWICE: _("The very same row came before."),
    Reason.DELETED: _("This row is marked as deleted."),
    Reason.PARENT_DELETED: _("What this row belongs to is marked as deleted."),
    Reason.UNKNOWN_PERSON: _("Nobody in Client.csv has this PersonalID."),
    Reason.UNKNOWN_ENROLLMENT: _("Enrollment.csv has no such EnrollmentID."),
    Reason.UNKNOWN_PROJECT: _("Project.csv has no such ProjectID."),
    Reason.UNKNOWN_ORGANIZATION: _("Organization.csv has no such OrganizationID."),
    Reason.OTHER_PERSON: _("This enrollment belongs to somebody else."),
    Reason.SECOND_EXIT: _("This enrollment already has an exit."),
    Reason.OTHER_EXPORT: _("This row says that it belongs to another export."),
    Reason.NAME_IS_HASHED: _("This name is hashed although the export says that names are not."),
    Reason.NAME_IS_NOT_HASHED: _("This name is readable although the export says that names are hashed."),
    Reason.BIRTH_DECLINED_BUT_GIVEN: _("A birth date is given although the answer was declined or not known."),
    Reason.BIRTH_AFTER_ENTRY: _("The birth date is after the day of entry."),
    Reason.ENTRY_MISSING: _("There is no day of entry that can be read."),
    Reason.EXIT_MISSING: _("There is an exit, but no day of exit that can be read."),
    Reason.EXIT_BEFORE_ENTRY: _("The exit is before the entry."),
    Reason.ENTRY_IN_FUTURE: _("The entry is in the future."),
    Reason.EXIT_IN_FUTURE: _("The exit is in the future."),
    Reason.NO_NIGHT: _("The enrollment in a shelter or a home has no night."),
    Reason.NIGHT_OUTSIDE: _("A bed night is before the entry, or on or after the day of exit."),
    Reason.STAYS_OVERLAP: _("This person is in two places at once."),
    Reason.HOUSEHOLD_MISSING: _("This enrollment names no household."),
    Reason.HOUSEHOLD_WITHOUT_HEAD: _("This household has no head of household."),
    Reason.HOUSEHOLD_WITH_HEADS: _("This household has more than one head of household."),
    Reason.HOUSEHOLD_IN_PROJECTS: _("This household is enrolled in more than one project."),
}
