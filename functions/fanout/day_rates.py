"""The rates by which prices are converted today, from the operator's reference documents."""

from shared.trade.fx import Rates
from shared.trade.reference_data import Objects, Reference, day_rates


class DayRates:
    """The rates that the operator loaded last, known within a minute; none where none are loaded."""

    def __init__(self, objects: Objects) -> None:
        self._objects, self._reference = objects, Reference(objects)

    def __call__(self, least: str = "") -> Rates:
        """Of the day `least` or later: another process may have told a site of rates that this one has not looked up yet.

        An earlier day's list that the operator puts back counts as of `least`, for what sites were told must not go back.
        """
        found = day_rates(self._reference)
        if found.day < least:
            self._reference = Reference(self._objects)
            found = day_rates(self._reference)
        return found if found.day >= least else Rates(least, found.per_euro)
