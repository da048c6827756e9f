"""Every operation of the API, one line a module."""

from __future__ import annotations

from api.operations import Operation
from api.routes import contacts, journeys, libraries, service, sessions, sign_in

OPERATIONS: tuple[Operation, ...] = (
    *sessions.OPERATIONS,
    *journeys.OPERATIONS,
    *libraries.OPERATIONS,
    *contacts.OPERATIONS,
    *sign_in.OPERATIONS,
    *service.OPERATIONS,
)
