"""The peer of disclosure control: pytauargus, which protects one table of its own rules at a time."""

import tempfile
from collections import Counter
from contextlib import chdir

import pandas as pd
from pytauargus import protect

from shelter.rules.disclosure.spec import TOTAL, Key
from shelter.rules.disclosure.table import CountTable

_SUPPRESSED = frozenset("UM")


def rows_of(table: CountTable) -> pd.DataFrame:
    """A row for each who is counted."""
    names = [f"d{place}" for place in range(len(table.spec.dimensions))]
    counts = Counter({key: table[key] for key in table.spec.inner_keys()})
    return pd.DataFrame(list(counts.elements()), columns=names).assign(one=1)


def hidden_by_it(rows: pd.DataFrame, k: int) -> frozenset[Key]:
    """The cells that it hides: the frequency rule with full protection, then optimal suppression; not audited."""
    names = [name for name in rows.columns if name != "one"]
    with tempfile.TemporaryDirectory() as folder, chdir(folder):  # its solver writes logs where it stands
        found = protect(
            rows, names, response="one", decimals=0, safety_rules=f"FREQ({k},100)", suppress="OPT(1)", workdir=folder
        )
        cells = found.tables[0].dataframe()
    suppressed = cells[cells["status"].isin(_SUPPRESSED)]
    keys = suppressed[names].itertuples(index=False, name=None)
    return frozenset(tuple(TOTAL if code == "Total" else code for code in key) for key in keys)
