import type {View} from '../session/events.ts';
import {createCloudEvents} from './cloud-event.ts';
import {type Send, startDelivery} from './deliver.ts';
import {openSpool} from './spool.ts';

export interface EventsViewOptions {
  /** Where events wait that are not sent yet. */
  folder: string;
  /** Where they go, as it is told: without credentials. */
  target: string;
  send: Send;
  pid: number;
  /** Tells this run from all others. */
  run: string;
  /** Milliseconds since the epoch. */
  now(): number;
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** The most that waits, in bytes. */
  limit?: number;
}

export interface EventsView extends View {
  /** Gives what waits a little time. @returns what there is to say of what could not be sent */
  settle(): Promise<string | undefined>;
}

/** For what waits at the end of a run, in milliseconds. */
const farewell = 3000;
const lastWord = 1000;

/** Sends each change of a run to another system, and keeps nobody waiting. @throws where nothing can be written */
export function createEventsView(options: EventsViewOptions): EventsView {
  const {folder, run, pid, now, pause, send, target, limit} = options;
  const name = `${String(now()).padStart(15, '0')}-${pid}`;
  const spool = openSpool({folder, name, pid, ...(limit === undefined ? {} : {limit})});
  const delivery = startDelivery({spool, send, pause});
  const cloudEvents = createCloudEvents({run, now});
  let lost = 0;
  delivery.wake();
  return {
    event(event) {
      for (const made of cloudEvents(event)) {
        // How many are missing is told by the first that has room again.
        const told = lost > 0 ? {...made, data: {...made.data, lostBefore: lost}} : made;
        if (spool.put(JSON.stringify(told))) lost = 0;
        else lost += 1;
      }
      delivery.wake();
    },
    async settle() {
      const waiting = await delivery.settle(farewell);
      const refused = delivery.refused();
      const said = [
        waiting > 0
          ? `${waiting} events for ${target} wait: the next run with the same --events sends them first`
          : '',
        refused > 0 ? `${target} refused ${refused} events for good` : '',
        lost > 0 ? `${lost} events were lost: too many waited for ${target}` : '',
      ].filter(Boolean);
      return said.length > 0 ? `${said.join('; ')}.` : undefined;
    },
    async close() {
      await delivery.settle(lastWord);
      await delivery.stop();
      spool.close();
    },
  };
}
