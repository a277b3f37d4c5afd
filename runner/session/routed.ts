import {readShell} from '../catalog/shell.ts';
import type {ProxyState} from '../engines/port.ts';

/** When a change of the mesh had reached all of its proxies. */
export interface Routed {
  /** From the end of the command to the last proxy that had it. */
  milliseconds: number;
  proxies: number;
}

/** How long the last change took to reach the proxies, and when that was, in milliseconds since the epoch. */
export interface LastRouted extends Routed {
  at: number;
}

/** A command that may change what proxies do, from before it began. */
export interface RoutedWatch {
  /** Called when the command is over. @returns undefined where no proxy got anything, or nobody can tell. */
  finished(): Promise<Routed | undefined>;
}

export interface RoutedOptions {
  /** What each proxy was sent last, and whether it has taken that over; undefined where that can't be told. */
  proxies(signal: AbortSignal): Promise<readonly ProxyState[] | undefined>;
  /** Milliseconds, from any beginning. */
  now(): number;
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** A control plane gathers changes for a while before it sends any. */
const firstSent = 2000;
/** On real proxies the last one of a mesh takes seconds. */
const longest = 30_000;
const interval = 25;

const verbs = /^(apply|create|delete|edit|label|patch|replace|scale|set|annotate)$/;

/** Whether a command writes objects: only then it is worth asking the proxies. */
export function mayChangeRouting(text: string): boolean {
  return readShell(text).calls.some(
    ([program, verb = '', ...args]) =>
      program === 'kubectl' && verbs.test(verb) && !args.some(word => word.startsWith('--dry-run')),
  );
}

/** Watches one command at a time: what comes after the next one began says nothing of the one before. */
export function createRoutedWatch(
  options: RoutedOptions,
): (text: string, signal: AbortSignal) => RoutedWatch | undefined {
  let current = new AbortController();
  let last: readonly ProxyState[] | undefined;
  const asked: RoutedOptions = {
    ...options,
    async proxies(signal) {
      const states = await options.proxies(signal);
      last = states ?? last;
      return states;
    },
  };
  return (text, signal) => {
    current.abort();
    current = new AbortController();
    const both = AbortSignal.any([signal, current.signal]);
    return watchRouted(text, asked, both, last);
  };
}

/**
 * Asks the proxies before a command, so that it can be told afterwards when the last of them had the change.
 * @param last how they stood when they were asked for the last time: where a busy machine answers only once the command
 * is over, that is how they stood before it
 */
export function watchRouted(
  text: string,
  {proxies, now, pause}: RoutedOptions,
  signal: AbortSignal,
  last?: readonly ProxyState[],
): RoutedWatch | undefined {
  if (!mayChangeRouting(text)) return undefined;
  // Asked while the command starts, which takes longer: it does not wait for the answer.
  let first: readonly ProxyState[] | undefined;
  const asking = proxies(signal).then(
    states => {
      first = states;
    },
    () => {},
  );
  return {
    async finished() {
      const startedAt = now();
      const inTime = first;
      await asking;
      const before = new Map((inTime ?? last ?? first)?.map(({proxy, sent}) => [proxy, sent]));
      if (before.size === 0) return undefined;
      let since: {at: number; states: string} | undefined;
      for (;;) {
        const states = await proxies(signal);
        if (!states || signal.aborted) return undefined;
        const asked = now();
        const changed = states.some(({proxy, sent}) => before.get(proxy) !== sent);
        const text = JSON.stringify(states);
        if (changed && states.every(({settled}) => settled)) {
          // One may have it before another is sent anything: twice the same is the end.
          if (since?.states === text) return {milliseconds: since.at - startedAt, proxies: states.length};
          since = {at: asked, states: text};
        } else since = undefined;
        const elapsed = asked - startedAt;
        if (elapsed > longest || (!changed && elapsed > firstSent)) return undefined;
        await pause(interval, signal);
        if (signal.aborted) return undefined;
      }
    },
  };
}
