"""Her papers, on the page of the person."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from shelter.clients.queries import Block, Line, register_block
from shelter.documents import queries
from shelter.documents.words.papers import paper_sentence

MOST_LINES = 4


def _block(papers: Sequence[queries.PaperView] | None) -> Block | None:
    if papers is None:
        return None
    lines = [Line(paper_sentence(one.text)) for one in papers[:MOST_LINES]]
    nothing = _l("No paper yet. Ask which papers she has, and who holds those she has not.")
    return Block(_l("Papers"), lines, nothing, "documents.index")


register_block("papers", 30, lambda reader, client: _block(queries.in_short(reader, client)))
