"""First names of operators, to be shown in their own chat; the database keeps numbers alone."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Names:
    """Remembers names while the process runs; there are as many as operators."""

    _known: dict[int, str] = field(default_factory=dict)

    def of(self, person: int) -> str | None:
        """A person's first name, if it has been heard."""
        return self._known.get(person)

    def heard(self, person: int, name: str | None) -> None:
        """Remember a name."""
        if name:
            self._known[person] = name
