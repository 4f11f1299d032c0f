"""Who Jira's accounts are: a name each, by which a map or an import knows them."""

from roadlog.interop.jira_answers import whole
from roadlog.interop.jira_shapes import Account
from roadlog.interop.written import text


class Accounts:
    """Accounts by number. Two may have one name, and are then told apart by their ids."""

    def __init__(self) -> None:
        self._seen: dict[Account, int | None] = {}
        self._numbers: dict[str, int] = {}
        self._names: list[tuple[str, str]] = []
        self._sharing: dict[str, int] = {}
        self._apps: set[int] = set()

    def number(self, field: str, account: Account | None) -> int | None:
        """The account's number; None for one that says nothing, as a deleted one may. Raises Unreadable."""
        if account is None:
            return None
        if account not in self._seen:
            self._seen[account] = self._numbered(field, account)
        return self._seen[account]

    def name(self, number: int | None) -> str | None:
        """Its name, with its id where another account has the same name. Ask when all have been seen."""
        if number is None:
            return None
        name, identity = self._names[number]
        return name if self._sharing[name.casefold()] == 1 else f"{name} ({identity})"

    def is_app(self, number: int | None) -> bool:
        """Whether it is a program's, such as Automation for Jira's."""
        return number in self._apps

    def _numbered(self, field: str, account: Account) -> int | None:
        """Jira Cloud knows an account by an id, Jira Server by a key; either may say no more than a name."""
        identifier = _said(f"{field}.accountId", account.account_id) or _said(f"{field}.key", account.key)
        login = _said(f"{field}.name", account.name)
        shown = _said(f"{field}.displayName", account.display_name) or login or identifier
        if not shown:
            return None
        identity = identifier or login or shown
        if identity not in self._numbers:
            self._numbers[identity] = len(self._names)
            self._names.append((shown, identity))
            self._sharing[shown.casefold()] = self._sharing.get(shown.casefold(), 0) + 1
        if account.account_type == "app":
            self._apps.add(self._numbers[identity])
        return self._numbers[identity]


def _said(field: str, value: str | None) -> str:
    return "" if value is None else text(field, whole(field, value))
