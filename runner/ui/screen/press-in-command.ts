import {cleanData, withoutControls} from '../text/clean-text.ts';
import type {KeyPress} from './key-press.ts';
import {editLine, emptyLine, type Line} from './line-edit.ts';
import {type CommandOverlay, close, open, type Pressed, type Screen, same} from './screen.ts';

/** What Tab made of the line that is being typed; too late for a line that has changed since. */
export function withCompletion(screen: Screen, line: Line, candidates: readonly string[]): Screen {
  const {overlay} = screen;
  if (overlay.name !== 'command' || overlay.completing !== overlay.line) return screen;
  const {completing, ...rest} = overlay;
  // A name that can't be shown can't be confirmed either.
  const shown = withoutControls(line.text) === line.text ? line : completing;
  return {...screen, overlay: {...rest, line: shown, candidates: cleanData(candidates)}};
}

/** A key in the line that is being typed. */
export function pressInCommand(screen: Screen, overlay: CommandOverlay, key: KeyPress): Pressed {
  const {line} = overlay;
  if (key.name === 'escape' || (key.ctrl && key.input === 'c')) return close(screen);
  if (key.name === 'return') {
    const text = line.text.trim();
    if (text === '') return close(screen);
    const kept = screen.history.at(-1) === text ? screen.history : [...screen.history, text];
    return close({...screen, history: kept}, [{type: 'command', text}]);
  }
  if (key.name === 'tab') return open(screen, {...overlay, completing: line}, {type: 'complete', line});
  if (key.name === 'up') return remember(screen, overlay, overlay.history - 1);
  if (key.name === 'down') return remember(screen, overlay, overlay.history + 1);
  const edited = editLine(line, key);
  return edited ? open(screen, {...overlay, line: edited, candidates: []}) : same(screen);
}

/** Shows an entry of the history; behind the last one comes what was being typed. */
function remember(screen: Screen, overlay: CommandOverlay, wanted: number): Pressed {
  const {history} = screen;
  const at = Math.max(0, Math.min(history.length, wanted));
  if (at === overlay.history) return same(screen);
  const draft = overlay.history === history.length ? overlay.line : (overlay.draft ?? emptyLine);
  const text = history[at];
  const line = text === undefined ? draft : {text, cursor: text.length};
  return open(screen, {name: 'command', line, history: at, candidates: [], draft});
}
