import stringWidth from 'fast-string-width';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what goes
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text without the characters that a terminal acts upon, other than line feeds and tabs. */
export function withoutControls(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(controls, '');
}

/** Tabs as spaces up to the next of the terminal's stops, which are 8 columns apart. */
export function expandTabs(text: string): string {
  if (!text.includes('\t')) return text;
  return text
    .split('\n')
    .map(line => {
      let column = 0;
      return line.replaceAll(/\t|[^\t]+/g, part => {
        const shown = part === '\t' ? ' '.repeat(8 - (column % 8)) : part;
        column += part === '\t' ? shown.length : stringWidth(part);
        return shown;
      });
    })
    .join('\n');
}
