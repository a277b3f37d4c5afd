import type {EngineName} from '../../catalog/lab.ts';
import type {Ask} from '../asks.ts';
import {failedConditions, type Model} from '../view-model.ts';
import type {KeyPress} from './key-press.ts';
import {type Command, workingKeys} from './keys.ts';
import {editLine, emptyLine, type Line} from './line-edit.ts';

/** What lies over the step; at most one thing at a time. */
export type Overlay =
  | {name: 'none'}
  | {name: 'help'}
  | {name: 'labs'; selected: number}
  | {name: 'confirm'; what: 'solve' | 'reset'}
  | {name: 'confirm'; what: 'jump'; lab: string; first: readonly string[]}
  | {name: 'command'; line: Line; history: number; candidates: readonly string[]}
  | {name: 'traffic'};

/** What the screen keeps for itself: nothing of it changes what the session does. */
export interface Screen {
  overlay: Overlay;
  /** Which engine the chooser points at. */
  engine: number;
  /** Lines scrolled up from where the screen would stand by itself; undefined follows what happens. */
  top: number | undefined;
  unfolded: boolean;
  /** Commands that were run, oldest first. */
  history: readonly string[];
}

export const firstScreen: Screen = {
  overlay: {name: 'none'},
  engine: 0,
  top: undefined,
  unfolded: false,
  history: [],
};

export interface Pressed {
  screen: Screen;
  asks: readonly Ask[];
}

/** What the window is like at the moment of the key press. */
export interface Window {
  /** Lines of the step that are shown at once. */
  height: number;
  /** The first line that is shown. */
  top: number;
  /** All lines of the step. */
  total: number;
  /** Labs that would be solved before the jump, by the lab's id. */
  needed(lab: string): readonly string[];
}

const none: Overlay = {name: 'none'};

/** What a key does: pure, so that every key can be tested in every situation. */
export function pressKey(screen: Screen, key: KeyPress, model: Model, window: Window): Pressed {
  if (key.ctrl && key.input === 'c' && screen.overlay.name !== 'command') return controlC(screen, model);
  switch (screen.overlay.name) {
    case 'help':
      return close(screen);
    case 'labs':
      return pressInLabs(screen, screen.overlay, key, model, window);
    case 'confirm':
      return pressInConfirm(screen, screen.overlay, key);
    case 'command':
      return pressInCommand(screen, screen.overlay, key);
    case 'traffic':
      return close(screen, [{type: 'traffic', on: false}]);
    case 'none':
      return model.state.situation === 'choosing-engine'
        ? pressInChooser(screen, key, model)
        : pressInStep(screen, key, model, window);
  }
}

function same(screen: Screen, ...asks: Ask[]): Pressed {
  return {screen, asks};
}

function close(screen: Screen, asks: readonly Ask[] = []): Pressed {
  return {screen: {...screen, overlay: none}, asks};
}

function open(screen: Screen, overlay: Overlay, ...asks: Ask[]): Pressed {
  return {screen: {...screen, overlay}, asks};
}

/** Interrupts what runs; where nothing does, it is the way out that everybody knows. */
function controlC(screen: Screen, model: Model): Pressed {
  const works = workingKeys(model).some(({command}) => command === 'interrupt');
  if (works) return same(screen, {type: 'interrupt'});
  return same(screen, {type: 'quit'});
}

const engineOrder: readonly EngineName[] = ['sandbox', 'kind', 'context'];

function pressInChooser(screen: Screen, key: KeyPress, model: Model): Pressed {
  const last = model.engines.length - 1;
  if (key.name === 'up') return same({...screen, engine: Math.max(0, screen.engine - 1)});
  if (key.name === 'down') return same({...screen, engine: Math.min(last, screen.engine + 1)});
  if (/^[1-3]$/.test(key.input)) return same({...screen, engine: Math.min(last, Number(key.input) - 1)});
  if (key.input === 'q') return same(screen, {type: 'quit'});
  if (key.name !== 'return') return same(screen);
  const chosen = model.engines[screen.engine];
  if (chosen?.detection?.usable === false) return same(screen);
  return same(screen, {type: 'choose-engine', engine: chosen?.engine ?? engineOrder[0] ?? 'sandbox'});
}

function pressInStep(screen: Screen, key: KeyPress, model: Model, window: Window): Pressed {
  const scrolled = scroll(screen, key, window);
  if (scrolled) return same(scrolled);
  const name = key.ctrl ? `ctrl+${key.input}` : (key.name ?? key.input);
  const binding = workingKeys(model).find(candidate => candidate.key === name);
  return binding ? does(binding.command, screen, model) : same(screen);
}

function does(command: Command, screen: Screen, model: Model): Pressed {
  // Whatever is done next wants to be seen.
  const following = {...screen, top: undefined};
  switch (command) {
    case 'advance':
      if (model.state.situation === 'finished') return open(screen, {name: 'labs', selected: 0});
      return same(following, {type: 'advance'});
    case 'interrupt':
      return same(screen, {type: 'interrupt'});
    case 'command':
      return open(following, {
        name: 'command',
        line: emptyLine,
        history: screen.history.length,
        candidates: [],
      });
    case 'check':
      return same(following, {type: 'check'});
    case 'hint':
      return same(following, {type: 'hint'});
    case 'solve':
      return open(screen, {name: 'confirm', what: 'solve'});
    case 'reset':
      return open(screen, {name: 'confirm', what: 'reset'});
    case 'why':
      return same(following, {type: 'why', visitor: puzzlingVisitor(model)});
    case 'edit':
      return same(following, {type: 'edit'});
    case 'open':
      return same(screen, {type: 'open-page'});
    case 'pictures':
      return same(screen, {type: 'pictures'});
    case 'labs': {
      const state = model.state;
      const at =
        state.situation === 'in-step' ? model.labs.findIndex(({id}) => id === state.position.lab) : 0;
      return open(screen, {name: 'labs', selected: Math.max(0, at)});
    }
    case 'traffic':
      return open(screen, {name: 'traffic'}, {type: 'traffic', on: true});
    case 'fold':
      return same({...screen, unfolded: !screen.unfolded});
    case 'more':
      return open(screen, {name: 'help'});
    case 'quit':
      return same(screen, {type: 'quit'});
  }
}

/** Whose stars were wrong; without a failure, the visitor that rules are mostly written for. */
function puzzlingVisitor(model: Model): string {
  const rows = failedConditions(model).flatMap(({rows}) => rows ?? []);
  return rows.find(({good, loads}) => good < loads || loads === 0)?.visitor ?? 'jason';
}

function scroll(screen: Screen, key: KeyPress, {height, top, total}: Window): Screen | undefined {
  const page = Math.max(1, height - 1);
  const moves: Partial<Record<string, number>> = {up: -1, down: 1, 'page-up': -page, 'page-down': page};
  const by =
    key.name === 'home'
      ? -total
      : key.name === 'end'
        ? total
        : (moves[key.name ?? ''] ?? (key.input === ' ' ? page : undefined));
  if (by === undefined) return undefined;
  return {...screen, top: Math.max(0, Math.min(total - height, top + by))};
}

function pressInLabs(
  screen: Screen,
  overlay: Overlay & {name: 'labs'},
  key: KeyPress,
  model: Model,
  window: Window,
): Pressed {
  const last = model.labs.length - 1;
  const to = (selected: number): Pressed =>
    open(screen, {name: 'labs', selected: Math.max(0, Math.min(last, selected))});
  if (key.name === 'up') return to(overlay.selected - 1);
  if (key.name === 'down') return to(overlay.selected + 1);
  if (key.name === 'home') return to(0);
  if (key.name === 'end') return to(last);
  if (/^[1-9]$/.test(key.input)) return to(Number(key.input) - 1);
  if (key.name !== 'return')
    return key.name === 'escape' || /^[ql]$/.test(key.input) ? close(screen) : same(screen);
  const lab = model.labs[overlay.selected];
  if (!lab) return close(screen);
  const first = window.needed(lab.id);
  if (first.length > 0) return open(screen, {name: 'confirm', what: 'jump', lab: lab.id, first});
  return close({...screen, top: undefined}, [{type: 'go-to', lab: lab.id}]);
}

function pressInConfirm(screen: Screen, overlay: Overlay & {name: 'confirm'}, key: KeyPress): Pressed {
  if (key.input !== 'y' && key.name !== 'return') return close(screen);
  const after = {...screen, top: undefined};
  switch (overlay.what) {
    case 'solve':
      return close(after, [{type: 'solve'}]);
    case 'reset':
      return close(after, [{type: 'reset'}]);
    case 'jump':
      return close(after, [{type: 'go-to', lab: overlay.lab}]);
  }
}

/** What Tab made of the line that is being typed. */
export function withCompletion(screen: Screen, line: Line, candidates: readonly string[]): Screen {
  const {overlay} = screen;
  return overlay.name === 'command' ? {...screen, overlay: {...overlay, line, candidates}} : screen;
}

function pressInCommand(screen: Screen, overlay: Overlay & {name: 'command'}, key: KeyPress): Pressed {
  const {line, history} = overlay;
  if (key.name === 'escape' || (key.ctrl && key.input === 'c')) return close(screen);
  if (key.name === 'return') {
    const text = line.text.trim();
    if (text === '') return close(screen);
    const kept = screen.history.at(-1) === text ? screen.history : [...screen.history, text];
    return close({...screen, history: kept}, [{type: 'command', text}]);
  }
  if (key.name === 'tab') return same(screen, {type: 'complete', line});
  if (key.name === 'up' || key.name === 'down') {
    const at = Math.max(0, Math.min(screen.history.length, history + (key.name === 'up' ? -1 : 1)));
    const text = screen.history[at] ?? '';
    return open(screen, {name: 'command', line: {text, cursor: text.length}, history: at, candidates: []});
  }
  const edited = editLine(line, key);
  return edited ? open(screen, {...overlay, line: edited, candidates: []}) : same(screen);
}
