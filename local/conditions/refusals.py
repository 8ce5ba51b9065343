"""Why a hub does not start on this machine; each text is a sentence for a person, and says what to do."""


class CannotStart(RuntimeError):
    """The hub cannot start."""


class PortBusy(CannotStart):
    """Something else listens on the port."""


class BadParameter(CannotStart):
    """A template parameter that there is not, or a value that it does not take."""
