import type {Model} from '../view-model.ts';
import type {KeyPress} from './key-press.ts';
import {close, type Overlay, open, type Pressed, type Screen, same, typedBy, type Window} from './screen.ts';

/** A key in the list of labs: it chooses one, or goes there. */
export function pressInLabs(
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
  const typed = typedBy(key);
  if (/^\d$/.test(typed)) return toNumber(screen, overlay, typed, model);
  if (key.name !== 'return')
    return key.name === 'escape' || /^[ql]$/.test(typed) ? close(screen) : same(screen);
  const lab = model.labs[overlay.selected];
  if (!lab) return close(screen);
  const first = window.needed(lab.id);
  if (first.length > 0) return open(screen, {name: 'confirm', what: 'jump', lab: lab.id, first});
  return close({...screen, top: undefined}, [{type: 'go-to', lab: lab.id}]);
}

/** The lab whose number the digits make; a digit that makes none with those before it begins a number. */
function toNumber(screen: Screen, overlay: Overlay & {name: 'labs'}, digit: string, model: Model): Pressed {
  for (const typed of [`${overlay.typed ?? ''}${digit}`, digit]) {
    const selected = model.labs.findIndex(({number}) => number === Number(typed));
    if (selected >= 0) return open(screen, {name: 'labs', selected, typed});
  }
  return same(screen);
}

/** A key in the list of what goes on in the background: it chooses one, or stops or starts it. */
export function pressInBackground(
  screen: Screen,
  overlay: Overlay & {name: 'background'},
  key: KeyPress,
  {background}: Model,
): Pressed {
  const last = background.length - 1;
  const to = (selected: number): Pressed =>
    open(screen, {name: 'background', selected: Math.max(0, Math.min(last, selected))});
  const typed = typedBy(key);
  if (key.name === 'up') return to(overlay.selected - 1);
  if (key.name === 'down') return to(overlay.selected + 1);
  if (/^[1-9]$/.test(typed)) return to(Number(typed) - 1);
  if (key.name === 'escape' || /^[qb]$/.test(typed)) return close(screen);
  const chosen = background[overlay.selected];
  if (key.name !== 'return' || !chosen) return same(screen);
  const {command, state} = chosen;
  return same(screen, {type: 'background', command, on: state === 'stopped'});
}

/** The answer to a question; whatever is not yes is no. */
export function pressInConfirm(screen: Screen, overlay: Overlay & {name: 'confirm'}, key: KeyPress): Pressed {
  if (!/^y$/i.test(typedBy(key)) && key.name !== 'return') return close(screen);
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
