"""What the policy answers when the answer is no."""


class Denied(Exception):
    """An act that this person may not do; carries the act's name and never a fact about anybody."""

    def __init__(self, act: str) -> None:
        super().__init__(act)
        self.act = act


class StepUpNeeded(Exception):
    """The act asks for a recent passphrase or passkey; the person is sent to confirm it is her."""


class TooMuch(Exception):
    """She was shown more in an hour than a person reads; `seconds` until it goes on."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class NotFromHere(Denied):
    """Work of an office that is done from certain networks, or by who signed in with a passkey, and was not."""

    def __init__(self, act: str, why: str) -> None:
        super().__init__(act)
        self.why = why
