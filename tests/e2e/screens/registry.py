"""Every screen there is by its name, in an order where none spoils the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tests.e2e.desk import Desk, Shown
from tests.e2e.screens.around import AROUND
from tests.e2e.screens.contact import CONTACT
from tests.e2e.screens.customer import CUSTOMER
from tests.e2e.screens.trouble import TROUBLE

SCREENS: Final[dict[str, Callable[[Desk], Shown]]] = {
    shown.__name__: shown for shown in (*AROUND, *CONTACT, *TROUBLE, *CUSTOMER)
}
"""Each brings a page to a screen; gives it, and what is there once it is whole."""
