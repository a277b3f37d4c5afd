import type {ContainerProgram} from '../../kubelet/image.ts';

/** A program that runs until it is stopped. */
export function untilStopped(stop: () => Promise<void>): ContainerProgram {
  let settle: (end: {exitCode: number}) => void = () => {};
  const exited = new Promise<{exitCode: number}>(resolve => {
    settle = resolve;
  });
  return {
    exited,
    async stop() {
      await stop();
      settle({exitCode: 0});
    },
  };
}

/** A program that has ended already. */
export function ended(exitCode: number, message?: string): ContainerProgram {
  return {
    exited: Promise.resolve({exitCode, ...(message === undefined ? {} : {message})}),
    async stop() {},
  };
}
