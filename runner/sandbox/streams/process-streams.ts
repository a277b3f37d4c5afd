import type {Readable, Writable} from 'node:stream';
import type {ExecStatus} from './statuses.ts';

/** Which streams the client of exec or attach asked for. */
export interface WantedStreams {
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  tty: boolean;
}

export interface WindowSize {
  columns: number;
  rows: number;
}

/** The streams of one remote command, whatever carries them. */
export interface ProcessStreams {
  /** Absent when the client gives none. */
  stdin: Readable | undefined;
  stdout: Writable;
  /** On a terminal the same as `stdout`. */
  stderr: Writable;
  onResize(listener: (size: WindowSize) => void): void;
  /** Aborts when the client is gone. */
  signal: AbortSignal;
  /** The protocol carries the API server's translation of errors, which words them once more. */
  translated: boolean;
  /** Tells how the command ended, after all of its output, and closes the connection. */
  finish(status: ExecStatus): Promise<void>;
}

/** Which streams the query asks for; what is absent is false. */
export function wantedStreams(query: URLSearchParams): WantedStreams {
  const flag = (name: string) => ['true', '1'].includes(query.get(name) ?? '');
  const tty = flag('tty');
  return {stdin: flag('stdin'), stdout: flag('stdout'), stderr: flag('stderr') && !tty, tty};
}

/** Reads `{"Width":80,"Height":24}`; anything else is no size. */
export function parseWindowSize(text: string): WindowSize | undefined {
  try {
    const {Width, Height} = JSON.parse(text) as {Width?: unknown; Height?: unknown};
    return typeof Width === 'number' && typeof Height === 'number'
      ? {columns: Width, rows: Height}
      : undefined;
  } catch {
    return undefined;
  }
}
