"""Categories as suppliers name them: by id, GID, path, name, or Google's number or path."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress

from functions.uploads.values.words import Unreadable

GID = "gid://shopify/taxonomycategory/"


class Categories(Collection[str]):
    """The ids of all categories; finds one by what a file calls it."""

    def __init__(self, names: Iterable[Sequence[str]], others: Iterable[Sequence[str]] = ()) -> None:
        """`names`: rows of [id, path], in one or more languages. `others`: rows of [Google's number, Google's path, our path or id]."""
        self._ids: set[str] = set()
        self._paths: dict[str, str] = {}
        self._by_name: dict[str, list[tuple[str, str]]] = {}
        for row in names:
            category_id, path = str(row[0]), str(row[1])
            self._ids.add(category_id)
            self._paths.setdefault(_folded(path), category_id)
            self._by_name.setdefault(_folded(path.rpartition(">")[2]), []).append((category_id, path))
        self._google = self._others(others)

    def _others(self, others: Iterable[Sequence[str]]) -> dict[str, str]:
        """Google's numbers and folded paths → our ids."""
        found: dict[str, str] = {}
        for row in others:
            number, path, ours = (str(part) for part in row)
            for key in (number, _folded(path)):
                if key:
                    found.setdefault(key, self._paths.get(_folded(ours), ours))
        return found

    def __contains__(self, category_id: object) -> bool:
        return category_id in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def find(self, text: str) -> str:
        """The id of the category that `text` names. Raises Unreadable for none, and for a name that several have."""
        said = text.strip().lower().removeprefix(GID)
        path = _folded(text)
        found = said if said in self._ids else self._paths.get(path) or self._google.get(said) or self._google.get(path)
        if found:
            return found
        named = dict(self._by_name.get(path, ()))
        if len(named) == 1:
            return next(iter(named))
        if named:
            raise Unreadable("category-several", text=text[:80], path=next(iter(named.values())))
        raise Unreadable("category", text=text[:80])

    def known(self, texts: Iterable[str]) -> list[str]:
        """The ids of those that are known, as `find` finds them: shops have categories of their own."""
        found: list[str] = []
        for text in texts:
            with suppress(Unreadable):
                found.append(self.find(text))
        return found

    def first(self, texts: Sequence[str]) -> str:
        """The first that is known. Raises Unreadable for the first if none is."""
        return next(iter(self.known(texts)), "") or self.find(texts[0])


def _folded(path: str) -> str:
    """A path in small letters, with ` > ` between its parts, whichever arrow stands there."""
    text = path.casefold().replace("->", ">").replace("»", ">").replace("›", ">").replace("/", " / ")
    return " > ".join(" ".join(part.split()) for part in text.split(">")).strip()
