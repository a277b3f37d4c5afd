import {printsCredentials, redactData, redacted, redactText} from '../redact.ts';
import type {SessionEvent, View} from './events.ts';
import {redactError} from './redact-error.ts';

/** More than this is not held back, whatever it is: a command may print without end. */
const mostHeld = 256 * 1024;

/** Where something begins that can be told for a secret only as a whole. */
const beginsSecret =
  /-----BEGIN|LS0tLS1CRUdJTi|\bkind\\*["']?\s*:\s*\\*["']?Secret|-----END|^[A-Za-z0-9+/=]{40,}\r?$|^[ \t{,-]*\\*["']?(?:data|stringData)\\*["']?\s*:/m;

type Output = SessionEvent & {type: 'command-output'};

/**
 * A view that is told no secrets. A command's output comes in pieces, so that it goes on line by line; from where a
 * Secret or a key may begin it is held back until the command has ended. Of a command that prints credentials as they
 * are nothing is told.
 */
export function redactingView(view: View): View {
  const held = new Map<string, Output>();
  const silenced = new Set<string>();

  function keyOf({block, stream}: Output): string {
    return `${block} ${stream}`;
  }

  function output(event: Output): void {
    if (silenced.has(event.block)) return;
    const key = keyOf(event);
    const text = (held.get(key)?.text ?? '') + event.text;
    const begin = beginsSecret.exec(text)?.index;
    const whole = text.lastIndexOf('\n', begin === undefined ? undefined : begin) + 1;
    const end = text.length > mostHeld ? text.length : whole;
    if (end > 0) view.event({...event, text: redactText(text.slice(0, end))});
    held.set(key, {...event, text: text.slice(end)});
  }

  function flush(block: string): void {
    for (const [key, event] of held) {
      if (event.block !== block) continue;
      held.delete(key);
      if (event.text !== '') view.event({...event, text: redactText(event.text)});
    }
    if (silenced.delete(block)) {
      view.event({type: 'command-output', block, text: `${redacted}\n`, stream: 'stdout'});
    }
  }

  const redacting: View = {
    event(event) {
      switch (event.type) {
        case 'command-output':
          return output(event);
        case 'command-started':
          flush(event.block);
          if (printsCredentials(event.text)) silenced.add(event.block);
          return view.event(redactData(event));
        case 'command-finished':
          flush(event.block);
          return view.event(redactData(event));
        // The labs as they are published, and a state that is made of them.
        case 'state-changed':
        case 'lab-started':
        case 'step-started':
          return view.event(event);
        case 'problem':
          return view.event({...event, error: redactError(event.error)});
        default:
          return view.event(redactData(event));
      }
    },
    async close() {
      for (const {block} of [...held.values()]) flush(block);
      await view.close();
    },
  };
  if (view.lend) redacting.lend = view.lend.bind(view);
  return redacting;
}
