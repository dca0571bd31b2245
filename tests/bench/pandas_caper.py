"""A peer of the CAPER: pandas over plaintext CSV, as an analyst would write it; eight of its forty tables."""

from pathlib import Path

import pandas as pd

from shelter.rules.apr import Period, Records

SAYS = "pandas over plaintext CSV, eight of the forty tables"
_BANDS = (-1, 4, 11, 17, 24, 34, 44, 54, 64, 200)


def written(folder: Path, records: Records) -> tuple[Path, Path]:
    """People and enrollments as two files."""
    people = pd.DataFrame(
        {"person": key, "born": one.born, "veteran": one.veteran} for key, one in records.people.items()
    )
    stays = pd.DataFrame(
        {
            "id": one.id,
            "person": one.person,
            "entry": one.entry,
            "exit": one.leaving.day if one.leaving else None,
            "destination": one.leaving.destination if one.leaving else None,
            "head": one.relationship == 1,
            "income": one.income[0].total if one.income else None,
        }
        for one in records.enrollments
    )
    names = folder / "people.csv", folder / "stays.csv"
    people.to_csv(names[0], index=False)
    stays.to_csv(names[1], index=False)
    return names


def counted(files: tuple[Path, Path], period: Period) -> dict[str, object]:
    """Q5a, Q7a, Q10, Q11, Q16, Q22a1, Q22b and Q23c, each person once."""
    people = pd.read_csv(files[0], parse_dates=["born"])
    stays = pd.read_csv(files[1], parse_dates=["entry", "exit"])
    first, last = pd.Timestamp(period.first), pd.Timestamp(period.last)
    active = stays[(stays["entry"] <= last) & (stays["exit"].isna() | (stays["exit"] >= first))]
    each = active.sort_values("entry").drop_duplicates("person", keep="last").merge(people, on="person")
    at = each["entry"].clip(lower=first)
    each["age"] = (at.dt.year - each["born"].dt.year) - (
        (at.dt.month * 100 + at.dt.day) < (each["born"].dt.month * 100 + each["born"].dt.day)
    )
    each["band"] = pd.cut(each["age"], _BANDS)
    each["leaver"] = each["exit"].notna() & (each["exit"] <= last)
    each["days"] = (each["exit"].fillna(last) - each["entry"]).dt.days
    each["length"] = pd.cut(each["days"], (-1, 7, 14, 21, 30, 60, 90, 180, 365, 9999))
    adults = each["age"] >= 18
    return {
        "Q5a": [len(each), adults.sum(), (~adults).sum(), each["leaver"].sum(), (adults & each["leaver"]).sum()],
        "Q7a": each.groupby([adults, "head"]).size(),
        "Q10": each.groupby("veteran").size(),
        "Q11": each.groupby("band", observed=False).size(),
        "Q16": each[adults].groupby(pd.cut(each["income"], range(0, 250_001, 25_000)), observed=False).size(),
        "Q22a1": each.groupby(["length", "leaver"], observed=False).size(),
        "Q22b": each.groupby("leaver")["days"].agg(["mean", "median"]),
        "Q23c": each[each["leaver"]].groupby("destination").size(),
    }
