"""Every request the systems answer, one line each, beside the operation it stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from parcours.demo.systems import carrier, network, payments, shop
from parcours.demo.systems.asked import Handle


@dataclass(frozen=True, slots=True)
class Route:
    """A request, and who answers it."""

    operation: str
    method: str
    path: str
    handle: Handle
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path)
        object.__setattr__(self, "pattern", re.compile(pattern))

    @property
    def system(self) -> str:
        """The system it belongs to."""
        return self.operation.partition(".")[0]


ROUTES: Final = (
    Route("crm.find_customer", "GET", "/crm/customers", shop.find_customer),
    Route("crm.give_voucher", "POST", "/crm/vouchers", shop.give_voucher),
    Route("crm.cancel_voucher", "POST", "/crm/vouchers/cancel", shop.cancel_voucher),
    Route("oms.list_orders", "GET", "/oms/customers/{customer}/orders", shop.list_orders),
    Route("oms.get_order", "GET", "/oms/orders/{order}", shop.get_order),
    Route("oms.cancel_order", "POST", "/oms/orders/{order}/cancel", shop.cancel_order),
    Route("oms.resend", "POST", "/oms/orders/{order}/shipments", shop.resend),
    Route("oms.cancel_resend", "POST", "/oms/orders/{order}/shipments/cancel", shop.cancel_resend),
    Route("oms.send_part", "POST", "/oms/orders/{order}/parts", shop.send_part),
    Route("carrier.chase", "PUT", "/carrier/parcels/{order}/news", carrier.chase),
    Route("carrier.open_inquiry", "POST", "/carrier/inquiries", carrier.open_inquiry),
    Route("payment.new_link", "POST", "/payment/links", payments.new_link),
    Route("payment.cancel_link", "POST", "/payment/links/cancel", payments.cancel_link),
    Route("payment.get_status", "GET", "/payment/orders/{order}", payments.payment_status),
    Route("payment.refund", "POST", "/payment/refunds", payments.refund),
    Route("net.incident", "GET", "/net/incidents", network.incident),
    Route("net.line_test", "GET", "/net/lines/{customer}/test", network.line_test),
    Route("net.exchange_box", "POST", "/net/exchanges", network.exchange_box),
    Route("net.cancel_exchange", "POST", "/net/exchanges/cancel", network.cancel_exchange),
    Route("agenda.slots", "GET", "/agenda/slots", network.slots),
    Route("agenda.book", "POST", "/agenda/bookings", network.book),
    Route("agenda.cancel", "POST", "/agenda/bookings/cancel", network.free),
    Route("catalogue.get_product", "GET", "/catalogue/products/{reference}", shop.get_product),
    Route("message.send", "POST", "/message/messages", shop.send_message),
)
SYSTEMS: Final = tuple(dict.fromkeys(route.system for route in ROUTES))


def route_of(method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
    """Return the route of a request, and what its path holds; None when there is none."""
    for route in ROUTES:
        found = route.pattern.fullmatch(path) if route.method == method else None
        if found is not None:
            return route, found.groupdict()
    return None
