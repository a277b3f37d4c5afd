import type {SessionEvent, View} from './events.ts';

type Output = SessionEvent & {type: 'command-output'};

export interface GatherOptions {
  /** How often output is told at the most, in milliseconds. */
  interval: number;
  /** How many characters of it are told at once; of more, the last. */
  limit: number;
}

/**
 * Before a view: what a command prints is told in few large pieces, however fast it comes, and always before anything
 * that happened after it. A command that floods the terminal must not keep the screen from the next key.
 */
export function gatherOutput(view: View, {interval, limit}: GatherOptions): View {
  let waiting: Output | undefined;
  let timer: NodeJS.Timeout | undefined;

  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    const output = waiting;
    waiting = undefined;
    if (output) view.event(output);
  }

  return {
    ...view,
    event(event) {
      if (event.type !== 'command-output') {
        tell();
        view.event(event);
        return;
      }
      if (waiting && (waiting.block !== event.block || waiting.stream !== event.stream)) tell();
      const text = (waiting?.text ?? '') + event.text;
      // Cut only when it is twice too long: cutting at every piece would copy it all each time.
      waiting = {...event, text: text.length > 2 * limit ? text.slice(-limit) : text};
      timer ??= setTimeout(tell, interval);
    },
    async close() {
      tell();
      await view.close();
    },
  };
}
