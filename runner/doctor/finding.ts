/** One line of the doctor. */
export interface Finding {
  name: string;
  /** `missing`: can't go on without it. `warning`: may go wrong. `absent`: not there, and not needed here. */
  status: 'ok' | 'warning' | 'missing' | 'absent';
  /** What was found: a version, a number, a sentence. */
  found: string;
  /** What is supported, where that is a range. */
  wanted?: string;
  /** The one thing to do. */
  fix?: string;
}
