import type {View} from '../session/events.ts';
import {createJsonView} from '../ui/json/json-view.ts';
import {createPaint} from '../ui/paint.ts';
import {createPlainView} from '../ui/plain/plain-view.ts';
import {chooseView, type ViewChoice} from './choose-view.ts';
import {asInvoked} from './invocation.ts';
import type {Io} from './io.ts';
import type {GlobalOptions} from './options.ts';

/** How this run speaks, from its terminal, environment and flags. */
export function viewChoice(io: Io, options: GlobalOptions, headless: boolean): ViewChoice {
  return chooseView({
    stdinIsTty: io.stdin.isTTY === true,
    stdoutIsTty: io.stdout.isTTY === true,
    env: io.env,
    headless,
    ...(options.json === undefined ? {} : {json: options.json}),
    ...(options.plain === undefined ? {} : {plain: options.plain}),
    ...(options.color === undefined ? {} : {color: options.color}),
  });
}

/** A view without a screen: JSON or plain lines. */
export function lineView(io: Io, choice: ViewChoice): View {
  const write =
    (stream: NodeJS.WriteStream) =>
    (line: string): void =>
      void stream.write(`${asInvoked(line, io.env)}\n`);
  if (choice.view === 'json') return createJsonView(line => void io.stdout.write(`${line}\n`));
  return createPlainView({
    out: write(io.stdout),
    talk: write(io.stderr),
    paint: createPaint(choice.colour),
  });
}
