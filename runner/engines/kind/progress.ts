import type {ClusterProgress} from '../port.ts';

/** Calls back again and again. @returns a function that ends it. */
export type Every = (milliseconds: number, callback: () => void) => () => void;

export const everyInterval: Every = (milliseconds, callback) => {
  const timer = setInterval(callback, milliseconds);
  return () => clearInterval(timer);
};

export interface Progressing {
  onProgress(progress: ClusterProgress): void;
  /** Milliseconds, from any origin. */
  now(): number;
  every: Every;
}

/** What is being done. */
export interface Doing {
  text: string;
  /** As `now` tells it. */
  since: number;
  /** Seconds that it usually takes. */
  usual?: number | undefined;
}

const silence = 10_000;

/** Says every ten seconds what is being done, for how long, and what it usually takes. @returns a function that ends it. */
export function sayHowLong({onProgress, now, every}: Progressing, doing: () => Doing): () => void {
  return every(silence, () => {
    const {text, since, usual} = doing();
    const seconds = Math.round((now() - since) / 1000);
    if (seconds * 1000 < silence) return;
    onProgress({text: `${text}: ${seconds} s so far${usual ? `, usually about ${usual} s` : ''}`});
  });
}

/** What each of kind's steps usually takes, in seconds, on a laptop; the node image is there already by then. */
const typical: readonly {step: RegExp; seconds: number}[] = [
  {step: /node image/i, seconds: 1},
  {step: /preparing nodes/i, seconds: 15},
  {step: /starting control-plane/i, seconds: 25},
  {step: /waiting/i, seconds: 40},
];

/**
 * Turns what kind prints into progress, and says what it is at whenever it has been silent. What kind says of a
 * failure and its farewell are left out: the first is explained, and the second speaks of a cluster that is not
 * complete yet.
 */
export function kindProgress(options: Progressing): {output(text: string): void; stop(): void} {
  const {onProgress, now} = options;
  let rest = '';
  let over = false;
  let doing: Doing = {text: 'starting kind', since: now()};
  const stop = sayHowLong(options, () => doing);
  return {
    output(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        over ||= /^(ERROR:|Set kubectl context)/.test(line);
        const plain = plainLine(line);
        if (!plain || over) continue;
        onProgress({text: plain});
        if (!/^[•✓✗]/.test(plain)) continue;
        const step = plain
          .replace(/^[•✓✗]\s*/, '')
          .replace(/\.\.\.$/, '')
          .trimEnd();
        const usual = typical.find(candidate => candidate.step.test(step))?.seconds;
        doing = {text: step, since: now(), usual};
      }
    },
    stop,
  };
}

/** A line without the pictures at its end. */
function plainLine(line: string): string {
  return line
    .replaceAll(/\p{Extended_Pictographic}\u{fe0f}?/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
