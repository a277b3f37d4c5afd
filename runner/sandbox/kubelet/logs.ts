import type {Clock} from '../clock.ts';

/** One line that a container printed. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  at: number;
  text: string;
}

export interface LogListener {
  line(line: LogLine): void;
  /** The container's present run is over. */
  end(): void;
}

/** What one container printed in its present run and the one before, as much as is kept. */
export interface ContainerLogs {
  read(options?: {previous?: boolean}): readonly LogLine[] | undefined;
  /** Hears what is printed from now on. @returns what ends it. */
  follow(listener: LogListener): () => void;
}

export interface ContainerLogWriter extends ContainerLogs {
  /** A new run begins; what was printed so far becomes the previous run's. */
  begin(): void;
  write(text: string): void;
  /** The run is over. */
  end(): void;
}

/** Characters kept of each run; the oldest lines go first. Real kubelets keep 10 MiB on disk. */
const kept = 512 * 1024;

interface Run {
  lines: LogLine[];
  size: number;
}

export function createContainerLogs(clock: Clock): ContainerLogWriter {
  let current: Run | undefined;
  let previous: Run | undefined;
  const listeners = new Set<LogListener>();
  return {
    begin() {
      if (current) previous = current;
      current = {lines: [], size: 0};
    },
    write(text) {
      current ??= {lines: [], size: 0};
      for (const part of text.replace(/\r?\n$/, '').split('\n')) {
        const line = {at: clock.now(), text: part};
        current.lines.push(line);
        current.size += part.length + 1;
        for (const listener of [...listeners]) listener.line(line);
      }
      if (current.size > kept * 1.25) trim(current);
    },
    end() {
      for (const listener of [...listeners]) {
        listeners.delete(listener);
        listener.end();
      }
    },
    read: (options = {}) => (options.previous ? previous : current)?.lines.slice(),
    follow(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/** Drops a batch at once, so that a chatty container does not move its whole log with every line. */
function trim(run: Run) {
  let drop = 0;
  while (run.size > kept) run.size -= (run.lines[drop++]?.text.length ?? 0) + 1;
  run.lines = run.lines.slice(drop);
}
