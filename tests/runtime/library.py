"""A small library for the use cases: one journey that meets every part of the runtime."""

FILES = {
    "library.yaml": """\
parcours: 1
library: shop
title: Shop
languages: [en]
audiences: [advisor]
channels: [phone, chat]
timezone: Europe/Paris
facts:
  customer.email: {type: email, holder: customer}
  ticket.order: {type: text, holder: ticket}
teams:
  supervisor: {title: Supervisor}
  second: {title: Second line, skills: [parcels]}
""",
    "codes.yaml": """\
declarations:
  parcel: {label: Parcel not received, examples: {en: ["My parcel has not arrived"]}}
qualifications:
  late: {label: Carrier late}
  lost: {label: Parcel lost}
actions:
  told: {label: Told when it comes}
  resent: {label: Sent again}
""",
    "connectors.yaml": """\
operations:
  oms.get_order:
    effect: read
    input: {id: {type: text, required: true}}
    output: {status: {type: choice, options: [late, lost]}}
    refusals: [not_found]
    timeout: 5s
  oms.resend:
    effect: unsafe
    input: {id: {type: text, required: true}}
    output: {parcel: {type: text}}
    timeout: 5s
""",
    "journeys/parcel.yaml": """\
parcours: 1
journey: parcel
title: A parcel that did not come
steps:
  - id: who
    say: Hello, what is your address?
    declares: parcel
    time: identification
    ask:
      email: {type: email, label: E-mail, fact: customer.email, known: confirm}
  - id: which
    say: Which order is it?
    time: useful
    ask:
      order_id: {type: text, label: Order, fact: ticket.order}
  - id: order
    do: oms.get_order
    with: {id: order_id}
    saves: {order: result}
    time: lookup
    on: {refused: which_again}
    by_hand:
      say: Open the order and read its status.
      fills: [order.status]
  - id: found
    decide:
      - {when: 'order.status == "lost"', qualifies: lost, next: resend}
      - {else: true, qualifies: late, next: reassure}
  - id: resend
    do: oms.resend
    with: {id: order_id}
    saves: {sent: result}
    acts: resent
    by_hand:
      say: Send it again by hand.
    next: solved
  - id: reassure
    say: It comes tomorrow.
    verbatim: true
    acts: told
    time: useful
    next: sleep
  - id: sleep
    wait: {delay: 2h}
    then: advisor
    next: arrived
  - id: arrived
    say: Has it arrived?
    ask: {arrived: yes_no}
    time: useful
    next: came
  - id: came
    decide:
      - {when: arrived, next: solved}
      - {else: true, next: unsolved}
  - {id: solved, end: resolved}
  - {id: unsolved, end: unresolved}
  - id: which_again
    say: We do not know that order.
    time: useful
    ask:
      spelled: {type: text, label: Spelled again}
    qualifies: lost
    acts: told
    next: spelled_out
  - id: spelled_out
    decide:
      - {when: 'spelled == order_id', next: unsolved}
      - {else: true, next: unsolved}
""",
}
