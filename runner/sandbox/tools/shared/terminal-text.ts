/**
 * Text of an object, a chart or an error as it may go to a terminal: an escape shows as `^[` and a carriage return as
 * `\r`, as kubectl writes them (cli-runtime, pkg/printers/terminal.go), and so do all other control characters but
 * line feeds and tabs.
 */
export function terminalText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is made visible
  return text.replaceAll(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, control => {
    if (control === '\r') return '\\r';
    const code = control.charCodeAt(0);
    return code < 0x80 ? `^${String.fromCharCode(code ^ 0x40)}` : `\\x${code.toString(16)}`;
  });
}
