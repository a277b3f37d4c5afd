import {createHash, randomUUID} from 'node:crypto';
import path from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import {asDiskError, exitCodes, messageOf, WorkshopError} from '../errors.ts';
import type {EventsView} from '../events/events-view.ts';
import type {Io} from './io.ts';
import {stateFolder} from './paths.ts';

/**
 * The events that a command was asked for with `--events FILE|URL`; nothing where it was not.
 * @throws WorkshopError `bad-events` for an address that is none, `events-folder` where nothing can wait on the disk
 */
export async function eventsFor(io: Io, given: string | undefined): Promise<EventsView | undefined> {
  if (given === undefined) return undefined;
  // Read only where it is wanted.
  const [{appendTo, sendTo}, {createEventsView}] = await Promise.all([
    import('../events/deliver.ts'),
    import('../events/events-view.ts'),
  ]);
  const isAddress = /^[a-z][a-z\d+.-]*:\/\//i.test(given);
  if (isAddress && !(URL.canParse(given) && /^https?:/i.test(given))) {
    throw new WorkshopError({
      code: 'bad-events',
      message: 'Events go to a file, or to an address of HTTP.',
      remedies: ['--events events.jsonl', '--events https://events.example.org/istio-workshop'],
      exitCode: exitCodes.usage,
    });
  }
  const target = isAddress ? new URL(given) : path.resolve(io.directory, given);
  const mark = createHash('sha256').update(String(target)).digest('hex').slice(0, 16);
  const folder = path.join(stateFolder(io), 'events', mark);
  try {
    return createEventsView({
      folder,
      target: typeof target === 'string' ? target : `${target.origin}${target.pathname}`,
      send: typeof target === 'string' ? appendTo(target) : sendTo(target),
      pid: io.pid,
      run: randomUUID(),
      now: () => Date.now(),
      pause: (milliseconds, signal) => delay(milliseconds, undefined, {signal}),
    });
  } catch (error) {
    throw (
      asDiskError(error, folder) ??
      new WorkshopError({
        code: 'events-folder',
        message: `Events can't wait in ${folder}.`,
        detail: messageOf(error),
        remedies: ['Make it writable, or choose another one: ISTIO_WORKSHOP_STATE=/some/folder'],
        cause: error,
      })
    );
  }
}
