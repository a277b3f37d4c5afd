import stringWidth from 'fast-string-width';
import type {Model} from '../view-model.ts';
import {type Command, type KeyBinding, workingKeys} from './keys.ts';

/** Keys that the help alone names. */
const seldom: ReadonlySet<Command> = new Set(['fold', 'background', 'suspend']);

/** What stands between two keys of the footer. */
export const footerGap = '  ';

/** The keys that work now, as many as fit into `width` columns; the ways to all the others and out are always there. */
export function footerKeys(model: Model, width: number): readonly KeyBinding[] {
  const keys = workingKeys(model);
  const last = keys.filter(({command}) => command === 'more' || command === 'quit');
  const first = keys.filter(key => !last.includes(key) && !seldom.has(key.command));
  for (let count = first.length; count > 0; count -= 1) {
    const shown = [...first.slice(0, count), ...last];
    const text = shown.map(key => `${key.shown} ${key.word(model)}`).join(footerGap);
    if (stringWidth(text) <= width) return shown;
  }
  return last;
}
