"""What the policy answers when the answer is no."""


class Denied(Exception):
    """An act that this person may not do; carries the act's name and never a fact about anybody."""

    def __init__(self, act: str) -> None:
        super().__init__(act)
        self.act = act


class StepUpNeeded(Exception):
    """The act asks for a recent passphrase or passkey; the person is sent to confirm it is her."""
