import {request} from 'node:https';
import {WorkshopError} from '../../errors.ts';
import type {SandboxHandshake} from './handshake.ts';

const pollMilliseconds = 100;

/** Whether a sandbox that runs answers within this many milliseconds; any HTTP answer is one, with or without rights. */
export async function answersWithin(
  {url}: SandboxHandshake,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<boolean> {
  const deadline = AbortSignal.timeout(milliseconds);
  const ended = signal ? AbortSignal.any([signal, deadline]) : deadline;
  while (!ended.aborted) {
    if (await answersOnce(`${url}/readyz`, ended)) return true;
    await pause(pollMilliseconds, ended);
  }
  signal?.throwIfAborted();
  return false;
}

/**
 * Waits until a sandbox that runs answers.
 * @throws WorkshopError `sandbox-not-answering`
 */
export async function requireAnswer(
  handshake: SandboxHandshake,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<void> {
  if (await answersWithin(handshake, milliseconds, signal)) return;
  throw new WorkshopError({
    code: 'sandbox-not-answering',
    message: `The sandbox "${handshake.name}" does not answer for ${Math.round(milliseconds / 1000)} s.`,
    detail: `Its process ${handshake.pid} still runs: it may be suspended, or busy with what it was asked to do.`,
    remedies: [
      {say: 'To end it, with its state kept', command: 'sandbox down'},
      {say: 'To start it again after that', command: 'sandbox up'},
    ],
  });
}

function answersOnce(url: string, signal: AbortSignal): Promise<boolean> {
  return new Promise(resolve => {
    // It is our own loopback, and nothing is said to it that anybody may not hear.
    const outgoing = request(url, {agent: false, rejectUnauthorized: false, signal}, response => {
      response.resume();
      resolve(true);
    });
    outgoing.once('error', () => resolve(false));
    outgoing.end();
  });
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, {once: true});
  });
}
