import {messageOf} from '../../errors.ts';
import type {Timer} from '../clock.ts';
import type {ContainerContext, ContainerProgram} from './image.ts';

/**
 * A program that does its work once its start-up is over; until then it runs and answers nobody.
 * @param begin starts the work. @returns what ends it.
 * @throws what `begin` throws, where there is no start-up to wait for; later the program ends with 1 then.
 */
export async function onceStartedUp(
  {startUp, clock}: Pick<ContainerContext, 'startUp' | 'clock'>,
  begin: () => Promise<() => Promise<void>>,
): Promise<ContainerProgram> {
  let exit: (end: {exitCode: number; message?: string}) => void = () => {};
  const exited = new Promise<{exitCode: number; message?: string}>(resolve => {
    exit = resolve;
  });
  let end: (() => Promise<void>) | undefined;
  let stopped = false;

  async function start(): Promise<void> {
    const stop = await begin();
    if (stopped) await stop();
    else end = stop;
  }

  let waiting: Timer | undefined;
  if (startUp === 0) await start();
  else
    waiting = clock.after(startUp, () =>
      start().catch(error => exit({exitCode: 1, message: messageOf(error)})),
    );
  return {
    exited,
    async stop() {
      stopped = true;
      waiting?.cancel();
      await end?.();
      exit({exitCode: 0});
    },
  };
}
