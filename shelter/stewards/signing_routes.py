"""What a second signature may meet on its way, said on the form that asked for it."""

from collections.abc import Callable
from typing import TypeVar

from shelter.accounts import signing_in
from shelter.accounts.confirming import wait_words
from shelter.rules.broken import Broken
from shelter.stewards.forms import SecondForm

T = TypeVar("T")


def signed(form: SecondForm, sign: Callable[[], T]) -> T | None:
    """What was signed; None where something was wrong, which then stands on the form."""
    try:
        return sign()
    except Broken as broken:
        form.refuse(broken)
    except signing_in.Refused:
        form.refuse(Broken("stewards.refused", "name"))
    except signing_in.TooSoon as soon:
        form.form_errors.append(wait_words(soon))
    return None
