"""Monthly income: its total, what of it is earned, in cents."""

from shelter.rules.apr.records import Income

SOURCES = (
    "Earned", "Unemployment", "SSI", "SSDI", "VADisabilityService", "VADisabilityNonService", "PrivateDisability",
    "WorkersComp", "TANF", "GA", "SocSecRetirement", "Pension", "ChildSupport", "Alimony", "OtherIncomeSource",
)  # fmt: skip


def total(record: Income) -> int | None:
    """The total as written, else the sum of what its sources give, else 0 where there is none; None is unknown."""
    if record.total is not None and record.total > 0:
        return record.total
    if record.amounts:
        return sum(cents for source, cents in record.amounts.items() if source in record.sources)
    if record.any_income == 0 or (record.total == 0 and record.any_income in (1, None)):
        return 0
    return None


def earned(record: Income) -> int:
    return record.amounts.get("Earned", 0) if "Earned" in record.sources else 0


def answer(record: Income | None, *, cleaned: bool) -> int | None:
    """IncomeFromAnySource; cleaned, a known total decides first."""
    if record is None:
        return None
    if not cleaned:
        return record.any_income
    known = total(record)
    if known is not None:
        return 1 if known > 0 else 0
    return record.any_income if record.any_income in (8, 9) else 99
