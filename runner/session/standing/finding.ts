import type {Call} from './call.ts';

/** What there is already of what a command that failed was to do. */
export type Standing =
  /** All of it: the command is as good as done. */
  | {state: 'whole'; said: string}
  /** A part, or another form of it; the commands bring it about, in order. */
  | {state: 'part'; said: string; mend: readonly string[]}
  /** Somebody else is at it, and must not be disturbed. */
  | {state: 'busy'; said: string};

/** Runs a command that only looks, where the command itself ran. */
export type Look = (text: string) => Promise<{exitCode: number; stdout: string}>;

export interface Failure {
  call: Call;
  /** What the tool said. */
  stderr: string;
  look: Look;
}

/** One kind of command whose effect may stand before it runs. */
export interface Kind {
  program: string;
  verbs: readonly string[];
  /** What the tool says when its effect, or a part of it, is what kept it from working. */
  refusal: RegExp;
  find(failure: Failure): Standing | Promise<Standing | undefined> | undefined;
}
