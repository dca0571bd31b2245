"""Stages, forms and papers of a type of matter as lines that a person writes, and back.

A line of a stage is its name, and "Name < Other; Another" where it follows others than the line before.
Codes stay with the names they had, so that matters standing at a stage stand there still.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace

from shelter.rules.broken import Broken
from shelter.rules.matters import Form, Stage

_FORM = re.compile(r"(?P<code>[A-Za-z0-9][A-Za-z0-9-]{0,19})( (?P<category>\([a-z]\)\(\d{1,2}\)))?:\s*(?P<label>\S.*)")

Say = Callable[[str], str]


def code_of(label: str, taken: Iterable[str]) -> str:
    """A code of lower-case letters and digits made from a name, and another than those taken."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:30] or "one"
    known, code, number = set(taken), stem, 2
    while code in known:
        code, number = f"{stem}_{number}", number + 1
    return code


def stage_lines(stages: Sequence[Stage], say: Say) -> str:
    names = {stage.code: say(stage.label) for stage in stages}
    lines, before = [], ""
    for stage in stages:
        follows = "; ".join(names[code] for code in stage.follows)
        lines.append(names[stage.code] + ("" if not follows or stage.follows == (before,) else f" < {follows}"))
        before = stage.code
    return "\n".join(lines)


def stages_from(lines: Sequence[str], before: Sequence[Stage], say: Say) -> tuple[Stage, ...]:
    """Raises Broken beside `stages` for a name that is no line, one that comes twice, or one that nothing leads to.

    The first line is where a matter begins; a stage that no other follows ends it. A stage that stood `before` stays:
    a matter may stand at it.
    """
    known = {say(stage.label): stage for stage in before}
    parts = [tuple(part.strip() for part in line.partition("<")[::2]) for line in lines]
    names = [name for name, _ in parts]
    if len(names) < 2 or not all(names):
        raise Broken("matter.lines_too_few", field="stages")
    for name in names:
        if names.count(name) > 1:
            raise Broken("matter.line_twice", field="stages", values={"line": names.index(name) + 1})
    for name in known:
        if name not in names:
            raise Broken("matter.stage_gone", field="stages", values={"stage": known[name].label})
    codes: dict[str, str] = {name: known[name].code for name in names if name in known}
    for name in names:
        codes.setdefault(name, code_of(name, codes.values()))
    follows = [_follows(number, parts, codes) for number in range(len(parts))]
    led_to = {code for some in follows for code in some}
    made = []
    for name, some in zip(names, follows, strict=True):
        old = known.get(name)
        stage = Stage(code=codes[name], label=old.label if old else name, follows=some, ends=codes[name] not in led_to)
        made.append(replace(stage, confirm=old.confirm) if old else stage)
    _require_reached(made)
    return tuple(made)


def _follows(number: int, parts: Sequence[tuple[str, ...]], codes: dict[str, str]) -> tuple[str, ...]:
    name, after = parts[number]
    if number == 0:
        if after:
            raise Broken("matter.first_follows", field="stages")
        return ()
    if not after:
        return (codes[parts[number - 1][0]],)
    named = [one.strip() for one in after.split(";") if one.strip()]
    if not named or name in named or not set(named) <= set(codes):
        raise Broken("matter.line_follows", field="stages", values={"line": number + 1})
    return tuple(codes[one] for one in named)


def _require_reached(stages: Sequence[Stage]) -> None:
    found = {stages[0].code}
    while more := {one.code for one in stages if found.intersection(one.follows)} - found:
        found |= more
    for number, stage in enumerate(stages, 1):
        if stage.code not in found:
            raise Broken("matter.line_not_reached", field="stages", values={"line": number})


def form_lines(forms: Iterable[Form], say: Say) -> str:
    """ "I-765 (c)(9): Work permit"."""
    return "\n".join(f"{form.code} {form.category}".strip() + f": {say(form.label)}" for form in forms)


def forms_from(lines: Sequence[str], before: Iterable[Form], say: Say) -> tuple[Form, ...]:
    """What a line does not say of a form that was there stays. Raises Broken beside `forms` with the line."""
    known = {(form.code, form.category): form for form in before}
    made: dict[tuple[str, str], Form] = {}
    for number, line in enumerate(lines, 1):
        found = _FORM.fullmatch(line)
        key = (found["code"], found["category"] or "") if found else None
        if found is None or key is None or key in made:
            raise Broken("matter.form_line", field="forms", values={"line": number})
        old, label = known.get(key), found["label"].strip()
        fresh = Form(code=key[0], category=key[1], label=label, required=False, fee="varies")
        made[key] = replace(old, label=old.label if say(old.label) == label else label) if old else fresh
    return tuple(made.values())


def texts_from(lines: Iterable[str], before: Iterable[str], say: Say) -> tuple[str, ...]:
    """Texts as they stood where a line says them in the reader's language."""
    known = {say(text): text for text in before}
    return tuple(dict.fromkeys(known.get(line, line) for line in lines))
