import {expect, it} from 'vitest';
import type {ProcessResult} from '../../processes.ts';
import type {KindTools} from './docker.ts';
import {pullNodeImage} from './pull.ts';

const nodeImage = 'kindest/node:v1.34.11@sha256:44e2';

function result(exitCode: number): ProcessResult {
  return {exitCode, stdout: '', stderr: '', timedOut: false, cancelled: exitCode === 130, milliseconds: 1};
}

/** A Docker whose pull prints what it is told to; `now` and `tick` are the test's. */
function pulling(options: {
  there: boolean;
  during(print: (text: string) => void, tick: () => void): number;
  signal?: AbortSignal;
}): {pulled: Promise<void>; said: string[]; commands: string[]; clock: {now: number}} {
  const said: string[] = [];
  const commands: string[] = [];
  const clock = {now: 0};
  let tick = (): void => {};
  const tools: KindTools = {
    kind: async () => result(127),
    docker: async () => result(options.there ? 0 : 1),
    async guarded(command, args, {onOutput}) {
      commands.push([command, ...args].join(' '));
      return result(options.during(onOutput, tick));
    },
  };
  const pulled = pullNodeImage({
    tools,
    nodeImage,
    folder: '/',
    ensure: {
      signal: options.signal ?? new AbortController().signal,
      onProgress: ({text}) => void said.push(text),
    },
    now: () => clock.now,
    every(_, callback) {
      tick = callback;
      return () => {};
    },
  });
  return {pulled, said, commands, clock};
}

it('says how many layers of the node image are here, for how long, and what is usual', async () => {
  const pull = pulling({
    there: false,
    // As Docker 20.10 printed it without a terminal.
    during(print, tick) {
      print('v1.34.11: Pulling from kindest/node\ne6ee49cb9437: Pulling fs layer\n5c2ff91f900f: Pulling fs ');
      print('layer\ne03cee1e4ffb: Pulling fs layer\ne6ee49cb9437: Verifying Checksum\n');
      print('e6ee49cb9437: Download complete\n');
      pull.clock.now = 20_000;
      tick();
      print(
        '5c2ff91f900f: Download complete\ne03cee1e4ffb: Download complete\ne6ee49cb9437: Pull complete\n',
      );
      pull.clock.now = 31_000;
      return 0;
    },
  });
  await pull.pulled;
  expect(pull.said).toEqual([
    `$ docker pull ${nodeImage}`,
    'downloading the node image (about 400 MB), 1 of 3 layers: 20 s so far, usually about 60 s',
    'the node image is here, after 31 s',
  ]);
});

it('downloads nothing that is there', async () => {
  const pull = pulling({there: true, during: () => 0});
  await pull.pulled;
  expect(pull).toMatchObject({said: [], commands: []});
});

it.each([
  ['node-image-not-pulled', 'dial tcp: lookup registry-1.docker.io: no such host'],
  ['pull-limit', 'toomanyrequests: You have reached your pull rate limit.'],
  ['disk-full', 'failed to register layer: write /usr/bin/kubelet: no space left on device'],
])('explains why it can not be had: %s', async (code, reason) => {
  const pull = pulling({
    there: false,
    during(print) {
      print(`Error response from daemon: ${reason}\n`);
      return 1;
    },
  });
  await expect(pull.pulled).rejects.toMatchObject({
    code,
    exitCode: 3,
    detail: expect.stringContaining(reason),
  });
});

it('is interrupted in one sentence', async () => {
  const stop = new AbortController();
  const pull = pulling({
    there: false,
    signal: stop.signal,
    during() {
      stop.abort();
      return 130;
    },
  });
  await expect(pull.pulled).rejects.toMatchObject({code: 'interrupted', exitCode: 130});
});
