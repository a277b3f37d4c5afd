import path from 'node:path';
import type {Worker} from 'node:worker_threads';
import type {EngineName, Lab} from '../../catalog/lab.ts';
import type {ReviewsPicture} from '../../checks/result.ts';
import {messageOf} from '../../errors.ts';
import type {Completion} from '../../session/completion.ts';
import type {SessionEvent, View} from '../../session/events.ts';
import type {Confirm} from '../app.ts';
import type {Surroundings} from '../io.ts';
import type {GlobalOptions} from '../options.ts';
import type {Farewell, Learner} from './learner.ts';
import {errorFrom, type ThreadStart, type ToLearner, type ToScreen} from './messages.ts';

export interface LearnerThreadOptions {
  io: Surroundings;
  options: GlobalOptions;
  workshop: string;
  labs: readonly Lab[];
  view: View;
  engine?: EngineName;
  completed(completion: Completion): void;
  showPictures(pictures: readonly ReviewsPicture[]): Promise<void>;
  /** Asks on the terminal; the view is told to lend it for that. */
  confirm: Confirm | undefined;
}

/** Starts the learner in a thread and stands for it here, in the screen's thread. */
export async function startLearnerThread(options: LearnerThreadOptions): Promise<Learner> {
  const {io, view, labs} = options;
  const {Worker} = await import('node:worker_threads');
  const {env, directory, pid, nodePath, platform, homeFolder, programFolder, isRoot} = io;
  const workerData: ThreadStart = {
    io: {env: {...env}, directory, pid, nodePath, platform, homeFolder, programFolder, isRoot},
    options: {...options.options},
    workshop: options.workshop,
    ...(options.engine ? {engine: options.engine} : {}),
  };
  // What a library says there must not be written over the screen.
  const worker: Worker = new Worker(path.join(programFolder, 'learner.mjs'), {
    workerData,
    stdout: true,
    stderr: true,
  });
  const post = (message: ToLearner): void => worker.postMessage(message);
  let giveBack = (): void => {};

  async function lend(): Promise<void> {
    const back = new Promise<void>(resolve => {
      giveBack = resolve;
    });
    const work = async (): Promise<void> => {
      post({type: 'terminal-lent'});
      await back;
    };
    await (view.lend ? view.lend(work) : work());
  }

  const finished = new Promise<Farewell | undefined>((resolve, reject) => {
    async function receive(message: ToScreen): Promise<void> {
      switch (message.type) {
        case 'event':
          return view.event(withOwnLab(message.event, labs));
        case 'problem':
          return view.event({type: 'problem', error: errorFrom(message.error)});
        case 'completed':
          return options.completed(message.completion);
        case 'lend-terminal':
          return lend();
        case 'terminal-back':
          return giveBack();
        case 'show-pictures': {
          const problem = await options.showPictures(message.pictures).then(() => undefined, messageOf);
          return post({type: 'pictures-seen', ...(problem === undefined ? {} : {problem})});
        }
        case 'confirm': {
          const ask = async () => (await options.confirm?.(message.consent)) ?? false;
          return post({type: 'confirmed', yes: await (view.lend ? view.lend(ask) : ask())});
        }
        case 'finished':
          return resolve(
            message.farewell && {
              ...message.farewell,
              ...(message.fault ? {fault: errorFrom(message.fault)} : {}),
            },
          );
        case 'failed':
          return reject(errorFrom(message.error));
      }
    }
    worker.on('message', (message: ToScreen) => void receive(message).catch(reject));
    worker.on('error', reject);
    worker.on('exit', () => reject(new Error('The thread of the app ended before its work.')));
  });
  return {
    ask: ask => post({type: 'ask', ask}),
    stop: () => post({type: 'stop'}),
    finished: finished.finally(() => worker.terminate()),
  };
}

/** A lab that crossed the threads is a copy; the screen knows its labs by identity. */
function withOwnLab(event: SessionEvent, labs: readonly Lab[]): SessionEvent {
  if (event.type !== 'lab-started' && event.type !== 'step-started') return event;
  return {...event, lab: labs.find(({id}) => id === event.lab.id) ?? event.lab};
}
