"""The form by which a legal supervisor gives a matter to another advocate."""

from flask_babel import lazy_gettext as _l

from shelter.legal.commands import GiveMatter
from shelter.web.fields import Choice, Tick
from shelter.web.forms import EditForm


class GiveForm(EditForm):
    to = Choice(
        _l("Who will work on it from now on?"),
        hint=_l("She can open this person's identity, legal file and papers from then on."),
        look="list",
        required=True,
    )
    leaves = Tick(_l("Whoever worked on it until now no longer opens this person's legal file"))

    def command(self, code: str, matter: bytes) -> GiveMatter:
        return GiveMatter(code, matter, self.version.data, bytes.fromhex(self.to.data), self.leaves.data)
