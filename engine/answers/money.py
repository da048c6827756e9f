"""An amount of money."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from engine import localise
from engine.answers.base import AnswerType, BadSetting, Schema, refuse
from engine.answers.number import LIMIT, spoken_decimal
from engine.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.events import Json
    from engine.scope import Scope

_AMOUNT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?", re.ASCII)
_SHORT = re.compile(r"(-?[0-9.]+)\s*([A-Z]{3})", re.ASCII)
_BOUND: Schema = {"anyOf": [{"type": "number"}, {"type": "string"}]}


class Money(AnswerType):
    """An amount; the answer is `{amount: "12.50", currency: "EUR"}`, exact to the smallest coin.

    ```yaml
    type: money
    currency: EUR
    min: 0
    max: 1500
    ```

    With a `currency`, a whole number or a text such as "12.50" is taken too; a binary fraction
    never is.
    """

    name = "money"
    settings: ClassVar[Mapping[str, Schema]] = {
        "currency": {"type": "string", "enum": sorted(localise.CURRENCIES)},
        "min": _BOUND,
        "max": _BOUND,
    }

    def prepare(self) -> None:
        """Read the currency and the bounds."""
        self.currency: str | None = self.given.get("currency")
        self.least = self._bound("min")
        self.most = self._bound("max")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise BadSetting("min", "is above max.")

    def _bound(self, key: str) -> Decimal | None:
        value = self.given.get(key)
        if value is None:
            return None
        written = str(value)
        short = _SHORT.fullmatch(written)
        if short is not None:
            if short[2] != self.currency:
                raise BadSetting(key, "must be in the currency of the question.")
            written = short[1]
        if _AMOUNT.fullmatch(written) is None:
            raise BadSetting(key, "must be an amount, such as 12.50.")
        return Decimal(written)

    @property
    def kind(self) -> Kind:
        """Return money, in its currency."""
        return Kind("money", currency=self.currency)

    def read(self, raw: object, scope: Scope) -> Json:
        """Return the amount with the decimals of its currency."""
        del scope
        currency: object = self.currency
        amount = raw
        if isinstance(raw, dict):
            if set(raw) != {"amount", "currency"}:
                raise self._refusal()
            amount, currency = raw["amount"], raw["currency"]
        if not isinstance(currency, str) or currency not in localise.CURRENCIES:
            raise self._refusal()
        if self.currency is not None and currency != self.currency:
            raise refuse("answer.other-currency", currency=self.currency)
        return self._canonical(self._exact(amount), currency)

    def _exact(self, amount: object) -> Decimal:
        if isinstance(amount, str) and _AMOUNT.fullmatch(amount):
            return Decimal(amount)
        if isinstance(amount, int) and not isinstance(amount, bool) and abs(amount) <= LIMIT:
            return Decimal(amount)
        raise self._refusal()

    def _canonical(self, amount: Decimal, currency: str) -> Json:
        decimals = localise.digits(currency)
        coin = Decimal(1).scaleb(-decimals)
        if amount != amount.quantize(coin):
            raise refuse("answer.too-many-decimals", limit=decimals)
        for bound, code, over in (
            (self.least, "answer.too-small", False),
            (self.most, "answer.too-large", True),
        ):
            if bound is not None and (amount > bound if over else amount < bound):
                limit = {"amount": str(bound), "currency": currency}
                raise refuse(code, kind=self.kind, limit=limit)
        # A sum of zero has no sign.
        return {"amount": f"{amount.quantize(coin) + 0:f}", "currency": currency}

    def _refusal(self) -> Exception:
        example = {"amount": "12.50", "currency": self.currency or "EUR"}
        return refuse("answer.not-an-amount", example=example)

    def form(self, language: str, audience: str) -> dict[str, Json]:
        """Return the currency and the bounds, as amounts."""
        del language, audience
        parts = {"currency": self.currency, "min": self.least, "max": self.most}
        return {key: str(part) for key, part in parts.items() if part is not None}

    def schema(self) -> dict[str, Json]:
        """Return an object of amount and currency."""
        currency: dict[str, Json] = {"type": "string", "pattern": "^[A-Z]{3}$"}
        if self.currency is not None:
            currency = {"const": self.currency}
        return {
            "type": "object",
            "properties": {
                "amount": {"type": "string", "pattern": r"^-?[0-9]{1,15}(\.[0-9]{1,9})?$"},
                "currency": currency,
            },
            "required": ["amount", "currency"],
            "additionalProperties": False,
        }

    def parse_spoken(self, text: str, language: str) -> Json:
        """Return the amount typed: `12,50`, `12,50 €`, `80 EUR`, `£12.50`."""
        said, currency = text.strip(), self.currency
        marks = {symbol: code for code, symbol in localise.SYMBOLS.items()}
        marks |= {code: code for code in localise.CURRENCIES}
        for mark in sorted(marks, key=len, reverse=True):
            if said.upper().startswith(mark) or said.upper().endswith(mark):
                said = said[len(mark) :] if said.upper().startswith(mark) else said[: -len(mark)]
                currency = marks[mark]
                break
        if currency is None:
            raise self._refusal()
        return {"amount": spoken_decimal(said, language), "currency": currency}
