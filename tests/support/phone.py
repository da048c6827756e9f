"""A simulated telephone and its network, over real HTTP: faults are set, looked at, and mended.

What each fault, look and deed does follows the published scenarios' names and arguments.
"""

from __future__ import annotations

import copy
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

READS = ("status_bar", "airplane_mode", "sim_card", "line")


@dataclass
class Phone:
    """One customer's telephone, line and bill. The status bar shows what the last search found."""

    airplane: bool = False
    sim: str = "active"
    apn_broken: bool = False
    apn_reset: bool = False
    suspended: bool = False
    contract_ended: bool = False
    bill: str = "awaited"
    """awaited, overdue, requested or paid."""
    connected: bool = True
    customer_id: str = "C0"
    line_id: str = "L0"
    bill_id: str = "B0"

    # What the scenarios begin with

    def set_user_info(self, name: str, phone_number: str) -> None:
        """Say whose it is: nothing of the telephone changes."""

    def turn_airplane_mode_on(self) -> None:
        """Break: airplane mode."""
        self.airplane = True
        self.simulate_network_search()

    def unseat_sim_card(self) -> None:
        """Break: the card is out."""
        self.sim = "missing"
        self.simulate_network_search()

    def lock_sim_card(self, mode: str) -> None:
        """Break: the card asks for its PIN or PUK."""
        self.sim = f"locked_{mode}"
        self.simulate_network_search()

    def break_apn_settings(self) -> None:
        """Break: the access point is wrong."""
        self.apn_broken = True
        self.simulate_network_search()

    def suspend_line_for_overdue_bill(
        self, *, customer_id: str, line_id: str, new_bill_id: str, contract_ended: bool
    ) -> None:
        """Break: the line is suspended, for a bill or since the contract is over."""
        self.suspended, self.contract_ended, self.bill = True, contract_ended, "overdue"
        self.customer_id, self.line_id, self.bill_id = customer_id, line_id, new_bill_id

    def simulate_network_search(self) -> None:
        """Let the status bar show what there is."""
        well = not self.airplane and self.sim == "active" and not self.apn_broken
        self.connected = well and not self.suspended

    # What is looked at

    def status_bar(self) -> dict[str, Any]:
        """Return what the status bar shows."""
        return {"service": self.connected, "no_service": not self.connected}

    def airplane_mode(self) -> dict[str, Any]:
        """Return whether airplane mode is on."""
        return {"on": self.airplane}

    def sim_card(self) -> dict[str, Any]:
        """Return how the card is."""
        return {"missing": self.sim == "missing", "locked": self.sim.startswith("locked")}

    def line(self) -> dict[str, Any]:
        """Return what the network knows of the line."""
        reason = "due_to_contract_end" if self.contract_ended else "due_to_bill"
        return {
            "suspended": self.suspended,
            "reason": reason,
            "overdue": self.bill == "overdue",
            "customer_id": self.customer_id,
            "line_id": self.line_id,
            "bill_id": self.bill_id,
        }

    # What is done

    def toggle_airplane_mode(self) -> None:
        """Turn airplane mode on or off."""
        self.airplane = not self.airplane
        self.simulate_network_search()

    def reseat_sim_card(self) -> None:
        """Put the card in again."""
        self.sim = "active" if self.sim == "missing" else self.sim
        self.simulate_network_search()

    def reset_apn_settings(self) -> None:
        """Set the access point back; it holds from the next start on."""
        self.apn_reset = self.apn_broken

    def reboot_device(self) -> None:
        """Start the telephone again."""
        if self.apn_reset:
            self.apn_broken = self.apn_reset = False
        self.simulate_network_search()

    def send_payment_request(self, customer_id: str, bill_id: str) -> None:
        """Ask for the money."""
        if (customer_id, bill_id, self.bill) == (self.customer_id, self.bill_id, "overdue"):
            self.bill = "requested"

    def make_payment(self) -> None:
        """Pay what was asked for."""
        self.bill = "paid" if self.bill == "requested" else self.bill

    def resume_line(self, customer_id: str, line_id: str) -> None:
        """Open the line again, if nothing is owed and the contract goes on."""
        owed = self.bill in ("overdue", "requested") or self.contract_ended
        if (customer_id, line_id) == (self.customer_id, self.line_id) and not owed:
            self.suspended = False

    # What must hold afterwards

    def assert_service_status(self, expected_status: str) -> bool:
        """Return whether the status bar shows it."""
        return ("connected" if self.connected else "no_service") == expected_status

    def assert_no_overdue_bill(self, overdue_bill_id: str) -> bool:
        """Return whether nothing is owed for that bill."""
        return overdue_bill_id != self.bill_id or self.bill not in ("overdue", "requested")


@dataclass
class Deed:
    """What was done to a telephone, and whether anything was mended or changed by it."""

    name: str
    arguments: dict[str, Any]
    changed: bool


@dataclass
class Simulator:
    """Telephones by number, and what was done to each."""

    phones: dict[str, Phone] = field(default_factory=dict)
    deeds: dict[str, list[Deed]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, number: str, faults: list[tuple[str, Mapping[str, Any]]]) -> Phone:
        """Put a telephone with these faults on the network."""
        phone = self.phones[number] = Phone()
        self.deeds[number] = []
        for name, arguments in faults:
            getattr(phone, name)(**arguments)
        phone.simulate_network_search()
        return phone

    def do(self, number: str, name: str, arguments: Mapping[str, Any], key: str) -> None:
        """Do a deed once for its key."""
        with self.lock:
            if key in self.seen:
                return
            self.seen.add(key)
            phone = self.phones[number]
            before = asdict(copy.copy(phone))
            getattr(phone, name)(**arguments)
            self.deeds[number].append(Deed(name, dict(arguments), asdict(phone) != before))


@contextmanager
def simulated() -> Iterator[Simulator]:
    """Give a simulator that listens on loopback: `GET /number/look`, `POST /number/deed`."""
    found = Simulator()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            _, number, look = self.path.split("/")
            known = number in found.phones and look in READS
            body = getattr(found.phones[number], look)() if known else {}
            self.say(200 if known else 404, body)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            arguments = json.loads(self.rfile.read(length) or b"{}")
            _, number, deed = self.path.split("/")
            found.do(number, deed, arguments, self.headers["Idempotency-Key"])
            self.say(200, {})

        def say(self, status: int, body: Mapping[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing: what was asked is in `deeds`."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
