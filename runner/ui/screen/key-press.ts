/** One key press, whichever library read it. */
export interface KeyPress {
  /** The characters typed; may be several when text is pasted. */
  input: string;
  ctrl?: boolean;
  /** Set for keys that type no character. */
  name?: KeyName;
}

export type KeyName =
  | 'return'
  | 'escape'
  | 'tab'
  | 'backspace'
  | 'delete'
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'page-up'
  | 'page-down'
  | 'home'
  | 'end';
