import {setPriority} from 'node:os';
import {parentPort, workerData} from 'node:worker_threads';
import type {EngineName} from '../../catalog/lab.ts';
import {asWorkshopError} from '../../errors.ts';
import type {SessionEvent, View} from '../../session/events.ts';
import {gatherNews} from '../../session/gather-news.ts';
import {openWorkshopStore} from '../../session/workshop-store.ts';
import {stateFolder} from '../paths.ts';
import {readLabs} from '../read-labs.ts';
import {createLearner, type Learner} from './learner.ts';
import {errorData, type ThreadStart, type ToLearner, type ToScreen} from './messages.ts';

/**
 * The learner's side of the app, in a thread of its own: the cluster's client, the browser and every check run here,
 * so that the screen's thread is always free for the next key.
 */
const port = parentPort;
if (!port) throw new Error('This is a thread of the app; it is not started by itself.');
const {io, options, workshop, engine}: ThreadStart = workerData;
const engines: readonly EngineName[] = ['sandbox', 'kind', 'context'];

const post = (message: ToScreen): void => port.postMessage(message);

/** Waits for the screen's answer of one type; questions are put one after the other. */
function answerOf<T extends ToLearner['type']>(type: T): Promise<ToLearner & {type: T}> {
  return new Promise(resolve => {
    const listen = (message: ToLearner): void => {
      if (message.type !== type) return;
      port?.off('message', listen);
      resolve(message as ToLearner & {type: T});
    };
    port?.on('message', listen);
  });
}

const view: View = gatherNews(
  {
    event(event: SessionEvent) {
      if (event.type === 'problem') post({type: 'problem', error: errorData(event.error)});
      else post({type: 'event', event});
    },
    async lend(work) {
      const lent = answerOf('terminal-lent');
      post({type: 'lend-terminal'});
      await lent;
      try {
        return await work();
      } finally {
        post({type: 'terminal-back'});
      }
    },
    async close() {},
  },
  {interval: 100, limit: 200_000},
);

// A thread on Linux has a priority of its own, which what it starts inherits: a browser that loads three pages at once
// must not keep the screen from the processor. Elsewhere this would hold back the screen as well.
const niceness = 5;
if (io.platform === 'linux') setPriority(niceness);

// Messages that come while it is being opened wait in the port.
const early: ToLearner[] = [];
let learner: Learner | undefined;

function receive(message: ToLearner): void {
  if (!learner) early.push(message);
  else if (message.type === 'ask') learner.ask(message.ask);
  else if (message.type === 'stop') learner.stop();
}

port.on('message', receive);

try {
  const [labs, store] = await Promise.all([
    readLabs(io),
    openWorkshopStore({stateFolder: stateFolder(io), name: workshop}),
  ]);
  learner = createLearner({
    io,
    options,
    labs,
    view,
    store,
    engines,
    completed: completion => post({type: 'completed', completion}),
    async showPictures(pictures) {
      const seen = answerOf('pictures-seen');
      post({type: 'show-pictures', pictures});
      const {problem} = await seen;
      if (problem !== undefined) throw new Error(problem);
    },
    async confirm(consent) {
      const answer = answerOf('confirmed');
      post({type: 'confirm', consent});
      return (await answer).yes;
    },
    ...(engine ? {engine} : {}),
  });
  for (const message of early) receive(message);
  const farewell = await learner.finished;
  await view.close();
  if (farewell) {
    const {fault, ...rest} = farewell;
    post({type: 'finished', farewell: rest, ...(fault ? {fault: errorData(fault)} : {})});
  } else post({type: 'finished'});
} catch (error) {
  post({type: 'failed', error: errorData(asWorkshopError(error))});
} finally {
  port.off('message', receive);
}
