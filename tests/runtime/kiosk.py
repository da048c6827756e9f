"""A small library in two languages, for conversations: each kind of question people write to."""

FILES = {
    "library.yaml": """\
parcours: 1
library: kiosk
title: {fr: Kiosque, en: Kiosk}
languages: [fr, en]
audiences: [advisor, customer]
default_audience: advisor
channels: [phone, chat, sms]
short_channels: [sms]
timezone: Europe/Paris
declarations: {colis: parcel, horaires: hours}
facts:
  customer.email: {type: email, holder: customer, known: confirm}
teams:
  depot: {title: {fr: Dépôt, en: Depot}}
""",
    "codes.yaml": """\
declarations:
  colis:
    label: {fr: Colis non reçu, en: Parcel not received}
    synonyms: {fr: [rien reçu, pas arrivé], en: [not here, missing]}
    examples: {fr: ["Je n'ai pas reçu mon colis"], en: ["My parcel has not arrived"]}
  abime:
    label: {fr: Colis abîmé, en: Parcel damaged}
    synonyms: {fr: [cassé, déchiré], en: [broken, torn]}
  horaires:
    label: {fr: Horaires du magasin, en: Opening hours}
    examples: {fr: ["À quelle heure ouvrez-vous ?"], en: ["When do you open?"]}
qualifications:
  found: {label: {fr: Retrouvé, en: Found}}
actions:
  sent: {label: {fr: Renvoyé, en: Sent again}}
""",
    "connectors.yaml": """\
operations:
  oms.resend:
    effect: keyed
    input: {order: {type: text, required: true}}
    output: {parcel: {type: text}}
    timeout: 5s
  oms.stop:
    effect: keyed
    input: {order: {type: text, required: true}}
    output: {}
    timeout: 5s
""",
    "journeys/hours.yaml": """\
parcours: 1
journey: hours
title: {fr: Horaires, en: Opening hours}
audience: [advisor, customer, bot]
steps:
  - id: told
    say: {fr: "De 9 h à 19 h.", en: "From 9 to 19."}
    declares: horaires
    qualifies: found
    acts: sent
  - {id: over, end: resolved}
""",
    "journeys/parcel.yaml": """\
parcours: 1
journey: parcel
title: {fr: Suivi de colis, en: Parcel tracking}
audience: [advisor, customer, bot]
steps:
  - id: what
    say:
      advisor: {fr: "Demandez ce qui se passe.", en: "Ask what happened."}
      customer: {fr: "Que se passe-t-il ?", en: "What happened?"}
    ask:
      what:
        type: choice
        label: {fr: Motif, en: Reason}
        options:
          - {id: missing, label: {fr: "Je n'ai rien reçu", en: "Nothing arrived"}, declares: colis}
          - id: torn
            label: {fr: "Mon colis est abîmé", en: "My parcel is damaged"}
            declares: abime
          - {id: late, label: {fr: "Il a du retard", en: "It is late"}, declares: colis}
    none: desk
  - id: which
    say: {fr: "De quelle commande s'agit-il ?", en: "Which order is it?"}
    ask:
      order:
        type: text
        label: {fr: Commande, en: Order}
        pattern: "F-[0-9]{4}"
      since:
        type: date
        label: {fr: Commandé le, en: Ordered on}
        max: today
      shade:
        type: text
        label: {fr: Couleur, en: Colour}
        required: false
  - id: rules
    verbatim: true
    say: {fr: "Un colis renvoyé ne se paie pas deux fois.", en: "A parcel sent again is paid once."}
  - id: count
    say: {fr: "Combien d'articles ?", en: "How many items?"}
    ask:
      count: {type: number, label: {fr: Articles, en: Items}, min: 1, max: 9, integer: true}
  - id: resend
    do: oms.resend
    with: {order: order}
    saves: {sent: result}
    compensate: oms.stop
    on_amend: confirm
    acts: sent
    qualifies: found
    by_hand:
      say: {advisor: {fr: "Renvoyez-le.", en: "Send it again."}}
      fills: [sent.parcel]
  - id: proof
    say: {fr: "Une photo ?", en: "A picture?"}
    ask:
      photo: {type: file, label: {fr: Photo, en: Picture}, media_types: [image/*], required: false}
      agreed: {type: yes_no, label: {fr: "Cela vous convient ?", en: "Is that fine?"}}
  - {id: over, end: resolved}
  - id: desk
    ask:
      story: {type: text, label: {fr: "Racontez-nous", en: "Tell us"}, multiline: true}
    qualifies: found
    acts: sent
  - {id: seen, end: unresolved}
""",
}
