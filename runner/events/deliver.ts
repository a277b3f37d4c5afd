import {appendFile} from 'node:fs/promises';
import type {Spool} from './spool.ts';

/** What became of an event: it may be tried again, or nobody will ever take it. */
export type Sent = 'sent' | 'later' | 'never';

/** Sends one event. Never throws. */
export type Send = (line: string, signal: AbortSignal) => Promise<Sent>;

export interface Delivery {
  /** Says that there is something to send. */
  wake(): void;
  /** Resolves when all is sent, or after that many milliseconds. @returns how many wait still */
  settle(milliseconds: number): Promise<number>;
  /** Ends what is being sent. */
  stop(): Promise<void>;
  /** Events that nobody would take. */
  refused(): number;
}

export interface DeliveryOptions {
  spool: Spool;
  send: Send;
  /** Waits between two tries, in milliseconds. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** One try may take this long, in milliseconds: a server that hangs keeps nobody. */
const patience = 5000;
const firstPause = 200;
const longestPause = 10_000;

/** Sends what waits, one event after the other in their order, and tries each until it is taken. */
export function startDelivery({spool, send, pause}: DeliveryOptions): Delivery {
  const stopping = new AbortController();
  let refused = 0;
  let idle: Promise<void> | undefined;

  async function work(): Promise<void> {
    let wait = firstPause;
    for (;;) {
      const line = spool.next();
      if (line === undefined || stopping.signal.aborted) return;
      const outcome = await send(line, AbortSignal.any([stopping.signal, AbortSignal.timeout(patience)]));
      if (stopping.signal.aborted && outcome === 'later') return;
      if (outcome === 'later') {
        await pause(wait, stopping.signal).catch(() => {});
        wait = Math.min(wait * 2, longestPause);
        continue;
      }
      if (outcome === 'never') refused += 1;
      spool.sent();
      wait = firstPause;
    }
  }

  function wake(): void {
    idle ??= work().finally(() => {
      idle = undefined;
      // Something may have come while the work was ending.
      if (spool.next() !== undefined && !stopping.signal.aborted) wake();
    });
  }

  return {
    wake,
    async settle(milliseconds) {
      const limit = new AbortController();
      await Promise.race([idle, pause(milliseconds, limit.signal).catch(() => {})]);
      limit.abort();
      return spool.waiting();
    },
    async stop() {
      stopping.abort();
      await idle;
    },
    refused: () => refused,
  };
}

/** Answers after which the same event would be refused again. */
const neverTaken = [400, 406, 411, 413, 414, 415, 422];

/** Posts events to an address: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md */
export function sendTo(address: URL): Send {
  const url = new URL(address);
  const {username, password} = url;
  url.username = '';
  url.password = '';
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  const headers = {
    'content-type': 'application/cloudevents+json; charset=UTF-8',
    ...(username ? {authorization: `Basic ${credentials.toString('base64')}`} : {}),
  };
  return async (line, signal) => {
    try {
      const response = await fetch(url, {method: 'POST', headers, body: line, redirect: 'manual', signal});
      await response.body?.cancel();
      if (response.ok) return 'sent';
      return neverTaken.includes(response.status) ? 'never' : 'later';
    } catch {
      return 'later';
    }
  };
}

/** Writes events into a file, one a line. */
export function appendTo(file: string): Send {
  return async line => {
    try {
      await appendFile(file, `${line}\n`, {mode: 0o600});
      return 'sent';
    } catch {
      return 'later';
    }
  };
}
