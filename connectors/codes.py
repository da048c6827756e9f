"""Every stable code of a deployment and of a call that came to nothing, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

REASONS: Final[Mapping[str, str]] = {
    "calendar.malformed": "What was read is no iCalendar, or one of its events cannot be read.",
    "calendar.no-file": "The calendar's file is not there, or not ours to read.",
    "calendar.slow": "Making out when the calendar is busy took more than 20 seconds.",
    "calendar.too-large": "The calendar has more than 4 MiB.",
    "connector.auth": "No token was given for our credentials: check `auth` and its secret.",
    "connector.bad-json": "The answer is not JSON that we take: UTF-8, at most 32 levels deep, no "
    "key twice, no NaN, U+0000, lone surrogate, nor whole number beyond 2^53.",
    "connector.broke": "The connector has a fault; the log says where.",
    "connector.busy": "Too many calls to the system at once: nothing was sent.",
    "connector.circuit-open": "Too many of the system's answers of late were failures: it is left "
    "alone for a few seconds, and nothing was sent.",
    "connector.cut": "The connection was lost before the answer was whole.",
    "connector.not-counted": "Whether the day's calls or the pace are used up cannot be looked up "
    "now: nothing was sent.",
    "connector.daily-cap": "The calls of the day (`daily_cap`) are used up: nothing was sent.",
    "connector.encoding": "The answer is packed in a way that was not asked for, or badly.",
    "connector.input": "An input is unknown, missing, of another type, or cannot stand where it "
    "is to be sent: nothing was sent.",
    "connector.not-configured": "No connector does this operation: add its table to "
    "connectors.toml.",
    "connector.not-done": "It was not known whether it took place; the probe says that it did not.",
    "connector.not-described": "The system's document could not be fetched yet: nothing was sent.",
    "connector.protocol": "What answers does not speak HTTP.",
    "connector.retries-spent": "Attempts beyond the first are at most a tenth of a system's calls: "
    "none was left.",
    "connector.schema": "The answer is not as it was declared.",
    "connector.secret": "A secret is no longer where it was: nothing was sent.",
    "connector.timeout": "The call took longer than it may, from the name's resolution to the "
    "last byte.",
    "connector.tls": "The certificate is not for this name, not vouched for or over, or TLS is "
    "older than 1.2: nothing was sent.",
    "connector.too-large": "The answer has more than 1 MiB, counted unpacked.",
    "connector.too-many-pages": "There are more pages than `pages.most`.",
    "connector.unknown-operation": "The connector has no such operation: nothing was sent.",
    "connector.unreachable": "The name has no address, or nobody answers there: nothing was sent.",
    "egress.denied": "The address is not one that the deployment names, or is private or special: "
    "nothing was sent. Open a network of your own with `allow_private`.",
    "http.NNN": "The system answered with this status.",
}
"""Why an action failed or is unknown, as its event and the worker say it."""

DEPLOYMENT: Final[Mapping[str, str]] = {
    "deployment.broken-plug-in": "A plug-in that brings a kind of connector cannot be loaded.",
    "deployment.down": "A document could not be fetched, or a database not be asked about its "
    "statements (a warning): tried again when needed.",
    "deployment.effect-understated": "A library counts on a repetition that its connector does "
    "not make safe.",
    "deployment.egress": "An address that is written out is private or special and not opened, or "
    "`allow_private` names something else than a private network.",
    "deployment.missing-column": "A file of cases lacks an input that its journey needs.",
    "deployment.missing-key": "A key is missing.",
    "deployment.missing-output": "A library declares an output that its connector never gives.",
    "deployment.missing-parameter": "A connector needs an input that the library does not "
    "declare, or not as required.",
    "deployment.missing-secret": "A secret is neither in the environment nor in the secrets "
    "folder.",
    "deployment.no-cases": "A robot's cases are not there (a warning): its runs fail.",
    "deployment.no-connector": "No table does an operation of the library: an error when a "
    "journey uses it.",
    "deployment.no-event": "A step waits for an event that no `[hooks]` declares; a warning where "
    "it has a `timeout`.",
    "deployment.no-file": "A file that is named does not exist.",
    "deployment.no-operation": "A connector, or its document, has no operation of that name.",
    "deployment.not-toml": "The file is not TOML.",
    "deployment.secret-in-clear": "A secret is written out: write `secret://name`.",
    "deployment.sensitive-out": "A sensitive value is sent to an operation that does not say it "
    "takes one (a warning).",
    "deployment.sensitive-shown": "A value is sensitive for its connector and not for the library "
    "(a warning).",
    "deployment.unknown-column": "A column of a file of cases is no input or question (a warning).",
    "deployment.unknown-journey": "A robot walks a journey that the library cannot start.",
    "deployment.unknown-key": "Nothing reads this key.",
    "deployment.unknown-kind": "There is no such kind of connector.",
    "deployment.unknown-parameter": "A library gives an input that its connector does not take.",
    "deployment.unreadable": "The file cannot be read.",
    "deployment.url": "An address is not https, or says more than a host and a path.",
    "deployment.wrong": "The deployment file is wrong: the service does not start, and says all of "
    "it.",
    "deployment.wrong-document": "A document is not OpenAPI 3.",
    "deployment.wrong-file": "A file that is named is not what it should be.",
    "deployment.wrong-match": "A step and `[hooks]` match an event by other names: it never wakes "
    "the step; a warning where that has a `timeout`.",
    "deployment.wrong-probe": "A probe is not a read of the same system.",
    "deployment.wrong-schedule": "A robot is due at a time, or every so often: one of them.",
    "deployment.wrong-statement": "A database refuses a statement, or the statement gives no "
    "column of a name that `output` has.",
    "deployment.wrong-table": "Something stands outside a table, or a table has an odd name.",
    "deployment.wrong-type": "A value has another type for the library than for its connector.",
    "deployment.wrong-value": "A value is not what its key takes.",
}
"""What may be wrong with a deployment, as `parcours check --deployment` and the start say it."""
