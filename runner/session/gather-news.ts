import type {SessionEvent, View} from './events.ts';

export interface GatherOptions {
  /** How often such news are told at the most, in milliseconds. */
  interval: number;
  /** How many characters of output are told at once; of more, the last. */
  limit: number;
}

/**
 * Before a view: what a command prints is told in few large pieces, and of how far a check is the latest, however fast
 * they come, and always before anything that happened after them. What floods must not keep the screen from the next
 * key.
 */
export function gatherNews(view: View, {interval, limit}: GatherOptions): View {
  let waiting: SessionEvent | undefined;
  let timer: NodeJS.Timeout | undefined;

  function tell(): void {
    clearTimeout(timer);
    timer = undefined;
    const event = waiting;
    waiting = undefined;
    if (event) view.event(event);
  }

  return {
    ...view,
    event(event) {
      if (event.type !== 'command-output' && event.type !== 'condition-progress') {
        tell();
        view.event(event);
        return;
      }
      const together = waiting && joined(waiting, event, limit);
      if (!together) tell();
      waiting = together ?? event;
      timer ??= setTimeout(tell, interval);
    },
    async close() {
      tell();
      await view.close();
    },
  };
}

/** Two pieces of news as one, where the later continues or replaces the earlier. */
function joined(before: SessionEvent, event: SessionEvent, limit: number): SessionEvent | undefined {
  if (before.type === 'condition-progress' && event.type === 'condition-progress') {
    return before.block === event.block && before.index === event.index ? {...before, ...event} : undefined;
  }
  if (before.type !== 'command-output' || event.type !== 'command-output') return undefined;
  if (before.block !== event.block || before.stream !== event.stream) return undefined;
  const text = before.text + event.text;
  // Cut only when it is twice too long: cutting at every piece would copy it all each time.
  return {...event, text: text.length > 2 * limit ? text.slice(-limit) : text};
}
