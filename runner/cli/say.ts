import {withoutControls} from '../ui/text/clean-text.ts';

/**
 * Writes lines for people that have no styles: whatever names of objects, files or labs stand in them, nothing in them
 * acts upon the terminal.
 */
export function say(stream: NodeJS.WriteStream, text: string): void {
  stream.write(`${withoutControls(text)}\n`);
}
