/**
 * `<journey-runner token="pe_…" base="https://parcours.example">`: a session in another's page.
 *
 * Attributes: `token` (from the integrator's own server), `base` (the service; default: where this
 * module came from), `language`, `theme` (`light`, `dark`). Events: `step {session, node, title}`,
 * `outcome {session, outcome, codes, summary, fields}`, `error {code, message}`; all bubble out of
 * the shadow.
 */
import type { Command, Json, View } from '../api/types';
import { arrive, fieldsOf, goBack, goOn, noneOf, NOWHERE, refuse, saidOn, screenOf, typedAt, type Asking } from '../care/asking';
import { Guest, type GuestState } from '../care/guest';
import { outcomeOf, Plain } from '../care/summary';
import { barred, told } from '../care/words';
import { isoDay } from '../fields/typed/day';
import { placeOf } from '../session/drafts';
import { question } from './controls';
import { button, make } from './draw';
import { STYLE } from './style';

const HERE = new URL(import.meta.url).origin;

export class JourneyRunner extends HTMLElement {
  static readonly observedAttributes = ['token', 'base', 'language', 'theme'];

  #guest: Guest | null = null;
  #state: GuestState | null = null;
  #asking: Asking = NOWHERE;
  #plain = new Plain();
  #drawn = '';
  #notice = '';
  #refused: unknown = null;
  #told = { place: '', ended: '', barrier: '' };
  #isTelling = false;
  readonly #root: ShadowRoot;
  readonly #card = make('div', { class: 'card' });

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: 'open', delegatesFocus: true });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.append(this.#card);
  }

  connectedCallback(): void {
    this.#begin();
  }

  disconnectedCallback(): void {
    this.#guest?.close();
    this.#guest = null;
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (before === now || !this.isConnected) return;
    if (name === 'language') this.#guest?.speak(now ?? 'en');
    else if (name !== 'theme') this.#begin();
  }

  #begin(): void {
    this.#guest?.close();
    this.#asking = NOWHERE;
    this.#plain = new Plain();
    this.#drawn = '';
    this.#told = { place: '', ended: '', barrier: '' };
    const guest = new Guest({
      given: { token: this.getAttribute('token')?.trim() || null, journey: null, session: null, language: this.getAttribute('language') },
      language: navigator.language.startsWith('fr') ? 'fr' : 'en',
      base: this.getAttribute('base') ?? HERE,
    });
    this.#guest = guest;
    guest.subscribe((state) => {
      if (this.#guest === guest) this.#take(state);
    });
    void guest.open();
  }

  #tell(type: 'step' | 'outcome' | 'error', detail: object): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  #take(state: GuestState): void {
    this.#state = state;
    const view = state.walk?.view;
    if (state.barrier !== null) {
      if (this.#told.barrier !== state.barrier) {
        this.#tell('error', { code: `link.${state.barrier}`, message: barred(state.barrier, state.language).title });
      }
      this.#told.barrier = state.barrier;
    } else if (view) {
      this.#told.barrier = '';
      this.#arrive(view, state);
    }
    this.#draw();
  }

  #arrive(view: View, state: GuestState): void {
    this.#plain.see(view);
    const place = placeOf(view) ?? '';
    this.#asking = arrive(this.#asking, view, this.#guest?.walk?.typed(view) ?? {});
    if (place !== this.#told.place) {
      this.#isTelling = false;
      if (view.step !== null) {
        this.#tell('step', { session: view.session, node: view.step.id, title: view.step.title });
      }
    }
    this.#told.place = place;
    const refused = state.walk?.refused ?? null;
    if (refused !== null && refused !== this.#refused) {
      this.#notice = refused.problem.detail || refused.problem.title;
      this.#asking = refuse(this.#asking, view, refused.problem.errors);
      this.#tell('error', { code: refused.problem.code, message: this.#notice });
    }
    this.#refused = refused;
    if (state.walk?.moved) this.#notice = told('moved', state.language);
    const ended = screenOf(view) === 'over' ? `${view.session} ${view.version}` : '';
    if (ended !== '' && ended !== this.#told.ended) {
      this.#tell('outcome', outcomeOf(view, this.#plain, state.language));
    }
    this.#told.ended = ended;
  }

  /** Draw anew what changed; a keystroke changes nothing here, so that the focus stays. */
  #draw(): void {
    const state = this.#state;
    if (state === null) return;
    const view = state.walk?.view;
    const key = JSON.stringify([
      state.barrier, state.isAway, state.language, view?.version, view?.status, this.#asking.place,
      this.#asking.at, this.#asking.errors, this.#notice, this.#isTelling, state.walk?.link === 'sending',
    ]);
    if (key === this.#drawn) return;
    const moves = this.#drawn !== '' && this.#root.activeElement !== null;
    this.#drawn = key;
    const { language } = state;
    this.setAttribute('lang', language);
    const away = make('div', { role: 'status' },
      state.isAway ? make('p', { class: 'notice' }, told('away', language), ' ',
        button(told('again', language), () => this.#guest?.wake(), 'small')) : null,
      this.#notice ? make('p', { class: 'notice' }, this.#notice) : null);
    const body = state.barrier !== null
      ? this.#barred(state)
      : view ? this.#screen(view, language) : [make('h2', {}, told('opening', language))];
    this.#card.replaceChildren(away, ...body);
    if (moves) {
      const wrong = this.#root.querySelector<HTMLElement>('[aria-invalid]');
      (wrong ?? this.#root.querySelector<HTMLElement>('h2'))?.focus();
    }
  }

  #barred(state: GuestState): HTMLElement[] {
    const words = barred(state.barrier ?? 'refused', state.language);
    return [make('div', { class: 'card', role: 'alert' },
      make('h2', {}, words.title),
      state.barrier === 'refused' && state.said ? make('p', {}, state.said) : null,
      make('p', {}, words.more),
      state.barrier === 'cut' ? null : button(told('again', state.language), () => this.#guest?.wake()))];
  }

  #screen(view: View, language: string): HTMLElement[] {
    const screen = screenOf(view);
    const isTurn = screen === 'ask' || screen === 'read';
    const texts = this.#asking.at === 0 ? saidOn(view) : [];
    const lead = isTurn && (texts.at(-1)?.length ?? 999) <= 140 ? texts.pop() : undefined;
    const title = isTurn
      ? (lead ?? view.step?.title ?? view.journey.title)
      : screen === 'work' ? told('work', language) : told(`${screen}Title`, language);
    const made: HTMLElement[] = [make('h2', { tabindex: '-1' }, title)];
    if (screen === 'ask' && view.fields.length > 1) {
      made.push(make('p', { class: 'soft small' }, told('of', language, { at: this.#asking.at + 1, of: view.fields.length })));
    }
    for (const text of [...texts, view.do ?? '']) if (text) made.push(make('p', { class: 'said' }, text));
    if (isTurn) made.push(this.#form(view, language));
    else made.push(make('p', {}, told(`${screen}More`, language)));
    const others = this.#others(view, language, screen);
    if (others.length > 0) made.push(make('div', { class: 'row other' }, ...others));
    return made;
  }

  #form(view: View, language: string): HTMLElement {
    const field = screenOf(view) === 'ask' ? fieldsOf(view)[this.#asking.at] : undefined;
    const isBusy = this.#state?.walk?.link === 'sending';
    const look = { language, today: isoDay(new Date()) };
    return make('form', {
      novalidate: true,
      onsubmit: (event: Event) => {
        event.preventDefault();
        if (!isBusy) this.#next(view, look);
      },
    },
      field === undefined ? null : question({
        field,
        value: this.#asking.values[field.name],
        look,
        id: 'answer',
        error: this.#asking.errors[field.name],
        onchange: (value) => this.#type(field.name, value),
        upload: (file, question) => this.#guest!.walk!.upload(file, question),
        redraw: () => {
          this.#drawn = '';
          this.#draw();
        },
      }),
      make('div', { class: 'row' },
        make('button', { type: 'submit', class: 'button main', 'aria-disabled': String(isBusy) },
          told(isBusy ? 'sending' : 'goOn', language)),
        goBack(this.#asking, view) === null ? null : button(told('back', language), () => this.#back(view))));
  }

  #others(view: View, language: string, screen: string): HTMLElement[] {
    const may = (command: string): boolean => view.commands.includes(command);
    const made: HTMLElement[] = [];
    if (this.#isTelling) {
      const words = make('textarea', { class: 'input', rows: 3, id: 'none' });
      return [make('label', { for: 'none', class: 'label' }, told('noneTell', language)), words,
        button(told('send', language), () => {
          const text = words.value.trim();
          this.#isTelling = false;
          this.#send({ type: 'none_of_these', ...(text === '' ? {} : { text }) });
        }, 'main'),
        button(told('cancel', language), () => {
          this.#isTelling = false;
          this.#draw();
        })];
    }
    if (screen === 'ask' && may('none_of_these')) {
      made.push(button(told(noneOf(view), language), () => {
        this.#isTelling = true;
        this.#draw();
      }, 'plain'));
    }
    if (may('ask_human') && screen !== 'person' && screen !== 'over') {
      made.push(button(told('person', language), () => this.#send({ type: 'ask_human' }), 'plain'));
    }
    if (may('pause') && screen !== 'paused') {
      made.push(button(told('pause', language), () => this.#send({ type: 'pause' }), 'plain'));
    }
    if (screen === 'paused' && may('resume')) {
      made.push(button(told('resume', language), () => this.#send({ type: 'resume' }), 'main'));
    }
    return made;
  }

  #type(name: string, value: Json | undefined): void {
    const view = this.#state?.walk?.view;
    const field = view?.fields.find((one) => one.name === name);
    if (field === undefined) return;
    const { errors } = this.#asking;
    // What was wrong stays told until one goes on: drawing anew would take the focus away.
    this.#asking = { ...typedAt(this.#asking, name, value), errors };
    this.#guest?.walk?.draft(field, value);
  }

  #next(view: View, look: { language: string; today: string }): void {
    this.#notice = '';
    if (screenOf(view) === 'read') {
      this.#send({ type: 'acknowledge', ...(view.step === null ? {} : { step: view.step.id }) });
      return;
    }
    const result = goOn({ ...this.#asking, errors: {} }, view, look);
    this.#asking = result.asking;
    if (result.command !== null) this.#send(result.command);
    else this.#draw();
  }

  #back(view: View): void {
    this.#notice = '';
    const result = goBack(this.#asking, view);
    if (result === null) return;
    this.#asking = result.asking;
    if (result.command !== null) this.#send(result.command);
    else this.#draw();
  }

  #send(command: Command): void {
    this.#notice = '';
    void this.#guest?.walk?.send(command);
  }
}

if (customElements.get('journey-runner') === undefined) {
  customElements.define('journey-runner', JourneyRunner);
}
