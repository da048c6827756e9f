"""Every operation of the API, one line a module."""

from __future__ import annotations

from api.operations import Operation
from api.routes import (
    contacts,
    dead_letters,
    files,
    hooks,
    incidents,
    journeys,
    launches,
    libraries,
    links,
    logs,
    measures,
    merging,
    oidc,
    opinions,
    report,
    samples,
    service,
    session_lists,
    sessions,
    sign_in,
    subscriptions,
    surroundings,
)

OPERATIONS: tuple[Operation, ...] = (
    *sessions.OPERATIONS,
    *session_lists.OPERATIONS,
    *surroundings.OPERATIONS,
    *files.OPERATIONS,
    *journeys.OPERATIONS,
    *libraries.OPERATIONS,
    *contacts.OPERATIONS,
    *incidents.OPERATIONS,
    *merging.OPERATIONS,
    *links.OPERATIONS,
    *hooks.OPERATIONS,
    *measures.OPERATIONS,
    *opinions.OPERATIONS,
    *samples.OPERATIONS,
    *logs.OPERATIONS,
    *report.OPERATIONS,
    *dead_letters.OPERATIONS,
    *subscriptions.OPERATIONS,
    *launches.OPERATIONS,
    *sign_in.OPERATIONS,
    *oidc.OPERATIONS,
    *service.OPERATIONS,
)
