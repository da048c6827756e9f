"""The statements that count what connectors may still do: each counts and judges at once."""

from __future__ import annotations

from typing import Final

from runtime.store.port import statement

TAKE_ALLOWANCE: Final = statement(
    "INSERT INTO allowance (name, holder, mark, count, at) "
    "VALUES ($1, '', CAST({now} / $3 AS TEXT), 1, {now}) "
    "ON CONFLICT (name, holder) DO UPDATE SET at = excluded.at, mark = excluded.mark, "
    "count = CASE WHEN allowance.mark = excluded.mark THEN allowance.count + 1 ELSE 1 END "
    "WHERE allowance.mark != excluded.mark OR allowance.count < $2 RETURNING count"
)
"""`mark` is the day. No row comes back when the calls of the day are used up."""
KEEP_PACE: Final = statement(
    "INSERT INTO allowance (name, holder, mark, count, at) VALUES ($1, $2, $3, 1, {now}) "
    "ON CONFLICT (name, holder) DO UPDATE SET at = excluded.at, mark = excluded.mark, "
    "count = allowance.count + 1 "
    "WHERE allowance.mark = excluded.mark OR allowance.at + $4 <= excluded.at RETURNING at"
)
"""`mark` is the action. No row comes back when another one was too lately."""
PACE_LEFT: Final = statement(
    "SELECT at + $3 - {now} FROM allowance WHERE name = $1 AND holder = $2"
)
FORGET_ALLOWANCES: Final = statement("DELETE FROM allowance WHERE at <= {now} - $1 RETURNING name")
