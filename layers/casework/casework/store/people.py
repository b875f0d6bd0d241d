"""How persons and their bindings lie in the cases table; the stream of cases passes them by.

| pk | sk | what |
|---|---|---|
| `PERSON#<id>` | `#PERSON` | which bindings to look at: their keys and kinds |
| `BINDING#<key>` | `#BINDING` | the binding's changes: whose it was, from when to when |

The truth is the binding's. Who passes it on to whom is one conditional put of one item, so that it
is nobody's twice whoever dies or meets whom. A person's list is written before it and may name
a binding that is not the person's (yet): that counts for nothing, and the repeat of the command
makes it good.
"""

from collections.abc import Mapping
from datetime import datetime

from casework.people.person import Binding, Change, Person
from casework.store.cases import Conflict
from casework.store.items import new_item
from casework.store.table import Item, Key, Table, Taken
from schemas.base import iso
from schemas.names import BindingKind

PERSON, BINDING = "#PERSON", "#BINDING"


class PeopleStore:
    """Persons in the cases table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def person(
        self,
        account: str,
        proven: Mapping[str, BindingKind] | None = None,
    ) -> tuple[Person, list[Binding]]:
        """The person of an account, and the bindings `proven` (key: kind), whoever has them."""
        proven = proven or {}
        item = self._table.get((f"PERSON#{account}", PERSON)) or {"version": 0, "bindings": {}}
        found = self._bindings({**proven, **item["bindings"]})
        person = Person(account, item["version"], {key: found[key] for key in item["bindings"]})
        return person, [found[key] for key in proven]

    def save(self, before: Person, after: Person) -> None:
        """Write what a command changed. Raises Conflict if somebody was faster: then begin anew."""
        if after.version != before.version:
            kinds = {key: binding.kind for key, binding in after.bindings.items()}
            values = {"version": after.version, "bindings": kinds}
            self._put(new_item(f"PERSON#{after.id}", PERSON, values))
        for key, binding in after.bindings.items():
            if binding.changes and binding != before.bindings.get(key):
                self._put(_item(binding))

    def _bindings(self, kinds: Mapping[str, BindingKind]) -> dict[str, Binding]:
        keys: dict[str, Key] = {key: (f"BINDING#{key}", BINDING) for key in kinds}
        items = self._table.get_many(list(keys.values()))
        return {
            key: Binding(key, kinds[key], _changes(items.get(place))) for key, place in keys.items()
        }

    def _put(self, item: Item) -> None:
        """Put the item over its version before, or where there was none. Raises Conflict."""
        try:
            if item["version"] == 1:
                self._table.put_new(item)
            else:
                self._table.put_at(item, item["version"] - 1)
        except Taken as taken:
            raise Conflict from taken


def _item(binding: Binding) -> Item:
    changes = [
        {"what": one.what, "person": one.person, "at": iso(one.at), "proof": one.proof}
        for one in binding.changes
    ]
    values = {"version": binding.version, "kind": binding.kind, "changes": changes}
    return new_item(f"BINDING#{binding.key}", BINDING, values)


def _changes(item: Item | None) -> tuple[Change, ...]:
    return tuple(
        Change(one["what"], one["person"], datetime.fromisoformat(one["at"]), one["proof"])
        for one in (item or {}).get("changes", ())
    )
