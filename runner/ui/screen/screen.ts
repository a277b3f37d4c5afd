import type {Ask} from '../asks.ts';
import type {KeyPress} from './key-press.ts';
import type {Line} from './line-edit.ts';

export interface CommandOverlay {
  name: 'command';
  line: Line;
  /** Index into the history; its length is the line that is being typed. */
  history: number;
  candidates: readonly string[];
  /** What was being typed before the history was looked through. */
  draft?: Line;
  /** The line that Tab was pressed on; what comes of it counts as long as that line stands. */
  completing?: Line;
}

/** What lies over the step; at most one thing at a time. */
export type Overlay =
  | {name: 'none'}
  | {name: 'help'}
  /** `typed`: the digits of a number that may not be complete yet. */
  | {name: 'labs'; selected: number; typed?: string}
  | {name: 'confirm'; what: 'solve' | 'reset'}
  | {name: 'confirm'; what: 'jump'; lab: string; first: readonly string[]}
  | CommandOverlay
  | {name: 'background'; selected: number}
  | {name: 'traffic'};

/** What the screen keeps for itself: nothing of it changes what the session does. */
export interface Screen {
  overlay: Overlay;
  /** Which engine the chooser points at. */
  engine: number;
  /** Lines scrolled up from where the screen would stand by itself; undefined follows what happens. */
  top: number | undefined;
  unfolded: boolean;
  /** Whether files that differ from the lab's show how. */
  differences: boolean;
  /** Commands that were run, oldest first. */
  history: readonly string[];
}

export const firstScreen: Screen = {
  overlay: {name: 'none'},
  engine: 0,
  top: undefined,
  unfolded: false,
  differences: false,
  history: [],
};

export interface Pressed {
  screen: Screen;
  asks: readonly Ask[];
}

/** What the window is like at the moment of the key press. */
export interface Window {
  /** Nothing is drawn in it but that it is too small. */
  tooSmall?: boolean;
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

export function same(screen: Screen, ...asks: Ask[]): Pressed {
  return {screen, asks};
}

export function close(screen: Screen, asks: readonly Ask[] = []): Pressed {
  return {screen: {...screen, overlay: none}, asks};
}

export function open(screen: Screen, overlay: Overlay, ...asks: Ask[]): Pressed {
  return {screen: {...screen, overlay}, asks};
}

/** The characters of a key; a control key types none. */
export function typedBy(key: KeyPress): string {
  return key.ctrl || key.name ? '' : key.input;
}
