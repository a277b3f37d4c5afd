import {type Instance, render} from 'ink';
import type {SessionEvent, View} from '../../session/events.ts';
import type {Interactive} from '../interactive.ts';
import type {Paint} from '../paint.ts';
import {App} from './app.tsx';
import {terminalFor} from './terminal.ts';

export interface InkViewOptions {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  interactive: Interactive;
  paint: Paint;
  now(): number;
}

/** The screen on a terminal. Draws the first frame at once. */
export function createInkView(options: InkViewOptions): View {
  const {interactive} = options;
  let open = start(0);

  function start(printed: number): {instance: Instance; end(): Promise<void>} {
    const terminal = terminalFor(options.stdout);
    // Ink does so only behind the first frame: a key pressed meanwhile would be echoed.
    options.stdin.setRawMode(true);
    const instance = render(
      <App
        interactive={interactive}
        paint={options.paint}
        now={options.now}
        printed={printed}
        answered={terminal.answered}
      />,
      {
        stdin: options.stdin,
        stdout: terminal.stdout,
        stderr: options.stderr,
        // A key is answered within one frame, so frames are short.
        maxFps: 60,
        exitOnCtrlC: false,
        patchConsole: false,
      },
    );
    return {
      instance,
      async end() {
        instance.unmount();
        await instance.waitUntilExit();
        terminal.close();
      },
    };
  }

  return {
    event: (event: SessionEvent) => interactive.event(event),
    async lend(work) {
      open.instance.clear();
      await open.end();
      try {
        return await work();
      } finally {
        open = start(interactive.shown.model.finished.length);
      }
    },
    close: () => open.end(),
  };
}
