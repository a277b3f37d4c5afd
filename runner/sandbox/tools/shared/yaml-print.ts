const ambiguous =
  /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF|<<|=|[-+]?(?:\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN|[-+]?0b[01_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?0o[0-7_]+|[-+]?[0-9][0-9_]*|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$/;
const date =
  /^\d{4}-\d{1,2}-\d{1,2}(?:$|[Tt ]\s*\d{1,2}:\d{2}:\d{2}(?:\.\d*)?(?:\s*(?:Z|[-+]\d{1,2}(?::?\d{2})?))?$)/;

function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, character => {
    const code = character.charCodeAt(0);
    return code < 256
      ? `\\x${code.toString(16).padStart(2, '0').toUpperCase()}`
      : `\\u${code.toString(16).padStart(4, '0').toUpperCase()}`;
  });
}

function scalarText(text: string, indent: string): string {
  if (text === '') return '""';
  if (ambiguous.test(text) || date.test(text)) return `"${text}"`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be escaped
  if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/.test(text)) return doubleQuoted(text);
  if (text.includes('\n')) {
    if (/^\s*$/.test(text) || / (?:\n|$)/.test(text)) return doubleQuoted(text);
    const body = text.replace(/\n+$/, '');
    const trailing = text.length - body.length;
    const chomp = trailing === 0 ? '-' : trailing === 1 ? '' : '+';
    const hint = /^[ \n]/.test(text) ? '2' : '';
    const lines = (trailing > 1 ? text.slice(0, -1) : body).split('\n');
    return `|${hint}${chomp}\n${lines.map(line => (line === '' ? '' : indent + line)).join('\n')}`;
  }
  const special = /^[-?:](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|^(?:---|\.\.\.)(?:\s|$)|: |:$| #|^\s|\s$/.test(text);
  return special ? `'${text.replace(/'/g, "''")}'` : text;
}

function compareKeys(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return String(value);
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

function print(value: unknown, indent: string): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return scalarText(value, `${indent}  `);
  if (typeof value === 'number') return numberText(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return value.map(item => `${indent}- ${inItem(item, `${indent}  `)}`).join('\n');
  }
  const keys = Object.keys(value).filter(key => (value as any)[key] !== undefined);
  if (keys.length === 0) return '{}';
  return keys
    .sort(compareKeys)
    .map(key => `${indent}${scalarText(key, indent)}:${afterKey((value as any)[key], indent)}`)
    .join('\n');
}

function isBlock(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) ? value.length > 0 : Object.values(value).some(item => item !== undefined);
}

function afterKey(value: unknown, indent: string): string {
  if (!isBlock(value)) return ` ${print(value, indent)}`;
  // A list under a key starts in the key's own column, as Go's printer has it.
  return `\n${print(value, Array.isArray(value) ? indent : `${indent}  `)}`;
}

function inItem(value: unknown, indent: string): string {
  if (!isBlock(value)) return print(value, indent.slice(2));
  return print(value, indent).slice(indent.length);
}

/** YAML as `sigs.k8s.io/yaml` prints it: sorted keys, two spaces, only the quotes that are needed; ends with a newline. */
export function printYaml(value: unknown): string {
  return `${print(value, '')}\n`;
}
