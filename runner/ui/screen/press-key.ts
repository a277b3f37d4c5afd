import type {EngineName} from '../../catalog/lab.ts';
import {failedConditions, type Model} from '../view-model.ts';
import type {KeyPress} from './key-press.ts';
import {type Command, workingKeys} from './keys.ts';
import {emptyLine} from './line-edit.ts';
import {pressInCommand} from './press-in-command.ts';
import {pressInBackground, pressInConfirm, pressInLabs} from './press-in-list.ts';
import {close, open, type Pressed, type Screen, same, typedBy, type Window} from './screen.ts';

/** What a key does: pure, so that every key can be tested in every situation. */
export function pressKey(screen: Screen, key: KeyPress, model: Model, window: Window): Pressed {
  if (window.tooSmall) return pressUnseen(screen, key);
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
    case 'background':
      return pressInBackground(screen, screen.overlay, key, model);
    case 'traffic':
      return close(screen, [{type: 'traffic', on: false}]);
    case 'none':
      return model.state.situation === 'choosing-engine'
        ? pressInChooser(screen, key, model)
        : pressInStep(screen, key, model, window);
  }
}

/** Nobody can see what a key would do, so that only the way out works. */
function pressUnseen(screen: Screen, key: KeyPress): Pressed {
  const leaves = typedBy(key) === 'q' || (key.ctrl && key.input === 'c');
  return leaves ? same(screen, {type: 'quit'}) : same(screen);
}

/** Interrupts what runs; where nothing does, it is the way out that everybody knows. */
function controlC(screen: Screen, model: Model): Pressed {
  const works = workingKeys(model).some(({command}) => command === 'interrupt');
  if (works) return same(screen, {type: 'interrupt'});
  return same(screen, {type: 'quit'});
}

const engineOrder: readonly EngineName[] = ['sandbox', 'kind', 'context'];

function pressInChooser(screen: Screen, key: KeyPress, model: Model): Pressed {
  const typed = typedBy(key);
  const to = (engine: number): Pressed =>
    same({...screen, engine: Math.max(0, Math.min(model.engines.length - 1, engine))});
  if (key.name === 'up') return to(screen.engine - 1);
  if (key.name === 'down') return to(screen.engine + 1);
  if (/^[1-3]$/.test(typed)) return to(Number(typed) - 1);
  if (typed === 'q') return same(screen, {type: 'quit'});
  if (key.ctrl && key.input === 'z') return same(screen, {type: 'suspend'});
  if (key.name !== 'return') return same(screen);
  const chosen = model.engines[screen.engine];
  if (chosen?.detection?.usable === false) return same(screen);
  return same(screen, {type: 'choose-engine', engine: chosen?.engine ?? engineOrder[0] ?? 'sandbox'});
}

function pressInStep(screen: Screen, key: KeyPress, model: Model, window: Window): Pressed {
  const scrolled = scroll(screen, key, window);
  if (scrolled) return same(scrolled);
  if (isPasted(key)) return pasted(screen, key, model);
  const name = key.ctrl ? `ctrl+${key.input}` : (key.name ?? key.input);
  const binding = workingKeys(model).find(candidate => candidate.key === name);
  return binding ? does(binding.command, screen, model) : same(screen);
}

function isPasted(key: KeyPress): boolean {
  return [...typedBy(key)].length > 1;
}

/** Several characters at once are no keys: a command that was copied from somewhere waits for its Enter. */
function pasted(screen: Screen, key: KeyPress, model: Model): Pressed {
  if (!workingKeys(model).some(({command}) => command === 'command')) return same(screen);
  const opened = does('command', screen, model).screen;
  return opened.overlay.name === 'command' ? pressInCommand(opened, opened.overlay, key) : same(screen);
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
    case 'diff':
      return same({...screen, differences: !screen.differences});
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
    case 'background':
      return open(screen, {name: 'background', selected: 0});
    case 'suspend':
      return same(screen, {type: 'suspend'});
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
        : (moves[key.name ?? ''] ?? (typedBy(key) === ' ' ? page : undefined));
  if (by === undefined) return undefined;
  // Where everything is in view there is nothing to stay at, and what comes later wants to be seen.
  if (total <= height) return {...screen, top: undefined};
  return {...screen, top: Math.max(0, Math.min(total - height, top + by))};
}
