import type {SessionEvent} from '../session/events.ts';
import type {Ask} from './asks.ts';
import type {KeyPress} from './screen/key-press.ts';
import {pressKey} from './screen/press-key.ts';
import {firstScreen, type Screen, type Window} from './screen/screen.ts';
import {cleanEvent} from './text/clean-event.ts';
import {cleanData} from './text/clean-text.ts';
import {foldEvent, type Model} from './view-model.ts';

export interface Shown {
  model: Model;
  screen: Screen;
}

/** The state behind an interactive view: what happened, what lies over it, and who wants to know. */
export interface Interactive {
  readonly shown: Shown;
  event(event: SessionEvent): void;
  /** @returns what the key asked for. */
  press(key: KeyPress, window: Window): readonly Ask[];
  change(change: (screen: Screen) => Screen): void;
  subscribe(listener: () => void): () => void;
}

export function createInteractive(options: {
  model: Model;
  onAsk(ask: Ask): void;
  now(): number;
}): Interactive {
  let shown: Shown = {model: cleanData(options.model), screen: firstScreen};
  const listeners = new Set<() => void>();

  function set(next: Shown): void {
    shown = next;
    for (const listener of listeners) listener();
  }

  return {
    get shown() {
      return shown;
    },
    event: event => set({...shown, model: foldEvent(shown.model, cleanEvent(event), options.now())}),
    press(key, window) {
      const {screen, asks} = pressKey(shown.screen, key, shown.model, window);
      if (screen !== shown.screen) set({...shown, screen});
      for (const ask of asks) options.onAsk(ask);
      return asks;
    },
    change: change => set({...shown, screen: change(shown.screen)}),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
