import type {View} from '../session/events.ts';
import {redactingView} from '../session/redacting-view.ts';
import {createJsonView} from '../ui/json/json-view.ts';
import {createPaint} from '../ui/paint.ts';
import {createPlainView} from '../ui/plain/plain-view.ts';
import type {ViewChoice} from './choose-view.ts';
import {programOf} from './invocation.ts';
import type {Io} from './io.ts';

/** A view without a screen: JSON or plain lines. Who reads them need not be the one who may see what is in them. */
export function lineView(io: Io, choice: ViewChoice): View {
  const write =
    (stream: NodeJS.WriteStream) =>
    (line: string): void =>
      void stream.write(`${line}\n`);
  if (choice.view === 'json') return redactingView(createJsonView(line => void io.stdout.write(`${line}\n`)));
  return redactingView(
    createPlainView({
      out: write(io.stdout),
      talk: write(io.stderr),
      paint: createPaint(choice.colour),
      program: programOf(io.env),
    }),
  );
}
