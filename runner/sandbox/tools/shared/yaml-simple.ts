/** Thrown inside when the text needs the whole of YAML; never leaves this file. */
const beyond = Symbol('beyond the simple style');

const plainKey = /^([A-Za-z0-9_./$][A-Za-z0-9_./$-]*)\s*:(?:\s+(.*))?$/;
const quotedKey = /^("(?:[^"\\])*"|'(?:[^'])*')\s*:(?:\s+(.*))?$/;
const wordKey = /^(?:y|yes|n|no|on|off|true|false|null|[\d.]+)$/i;

function plainScalar(text: string): unknown {
  if (/^(?:~|null|Null|NULL)$/.test(text)) return null;
  if (/^(?:true|True|TRUE|y|Y|yes|Yes|YES|on|On|ON)$/.test(text)) return true;
  if (/^(?:false|False|FALSE|n|N|no|No|NO|off|Off|OFF)$/.test(text)) return false;
  if (/^[-+]?(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  if (/^[-+]?(?:(?:0|[1-9]\d*)\.\d+|(?:0|[1-9]\d*)(?:\.\d+)?[eE][-+]?\d+)$/.test(text)) return Number(text);
  // Octal, hexadecimal, infinities, underscores, dates: rare enough for the library.
  if (/^[-+.]?\d[\d_.xobeE+-]*$/.test(text) && !/^\d+\.\d+\.\d/.test(text)) throw beyond;
  if (/^[-+]?0[xob]|^[-+]?\.(?:inf|nan|\d)|^\d{4}-\d/i.test(text)) throw beyond;
  return text;
}

function flow(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const list = /^\[\s*([^[\]{}:#"'&*!|>?%@`]*?)\s*\]$/.exec(text);
    if (!list || list[1] === '') throw beyond;
    return (list[1] as string).split(',').map(item => {
      if (item.trim() === '') throw beyond;
      return plainScalar(item.trim());
    });
  }
}

class Reader {
  private at = 0;
  private readonly lines: string[];

  constructor(lines: string[]) {
    this.lines = lines;
  }

  document(): unknown {
    const indent = this.next();
    if (indent < 0) return null;
    const value = this.block(indent);
    if (this.next() >= 0) throw beyond;
    return value;
  }

  /** Moves to the next line with content. @returns its indent, -1 at the end. */
  private next(): number {
    for (; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at] as string;
      const indent = line.search(/[^ ]/);
      if (indent < 0 || line[indent] === '#') continue;
      if (line[indent] === '\t') throw beyond;
      return indent;
    }
    return -1;
  }

  private content(indent: number): string {
    return (this.lines[this.at] as string).slice(indent);
  }

  private block(indent: number): unknown {
    const content = this.content(indent);
    if (content === '-' || content.startsWith('- ')) return this.list(indent);
    if (plainKey.test(content) || quotedKey.test(content)) return this.map(indent);
    throw beyond;
  }

  private list(indent: number): unknown[] {
    const items: unknown[] = [];
    while (this.next() === indent) {
      const content = this.content(indent);
      if (content !== '-' && !content.startsWith('- ')) break;
      const rest = content.slice(1).trimStart();
      if (
        rest !== '' &&
        !rest.startsWith('#') &&
        (/^-(?: |$)/.test(rest) || plainKey.test(rest) || quotedKey.test(rest))
      ) {
        // What follows the dash is a block of its own; let it stand in its column.
        const column = indent + content.length - rest.length;
        this.lines[this.at] = ' '.repeat(column) + rest;
        items.push(this.block(column));
      } else {
        items.push(this.value(rest, indent, false));
      }
    }
    return items;
  }

  private map(indent: number): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    while (this.next() === indent) {
      const content = this.content(indent);
      if (content === '-' || content.startsWith('- ')) break;
      const match = plainKey.exec(content) ?? quotedKey.exec(content);
      if (!match) throw beyond;
      let key = match[1] as string;
      if (/^["']/.test(key)) key = key.slice(1, -1);
      else if (wordKey.test(key) || key === '__proto__') throw beyond;
      if (Object.hasOwn(map, key)) throw beyond;
      map[key] = this.value(match[2] ?? '', indent, true);
    }
    return map;
  }

  /** The value that starts with `text`, at a key or dash that stands in column `indent`. */
  private value(text: string, indent: number, ofKey: boolean): unknown {
    const rest = text.trimEnd();
    this.at++;
    if (rest === '' || rest.startsWith('#')) {
      const below = this.next();
      if (below > indent) return this.block(below);
      if (ofKey && below === indent && /^-(?: |$)/.test(this.content(below))) return this.list(below);
      return null;
    }
    if (rest === '|' || rest === '|-') return this.literal(indent, rest === '|');
    const scalar = this.scalar(rest);
    // A deeper line would continue the scalar.
    if (this.next() > indent) throw beyond;
    return scalar;
  }

  private scalar(text: string): unknown {
    const first = text[0] as string;
    if (first === '"' || first === "'") {
      const match = /^(?:"([^"\\]*)"|'([^']*)')(?:\s+#.*)?$/.exec(text);
      if (!match) return this.escaped(text);
      return match[1] ?? match[2];
    }
    const bare = text.replace(/\s+#.*$/, '');
    if (first === '[' || first === '{') return flow(bare);
    if (/^[&*!|>%@`,\]}?]/.test(bare) || /^-\s/.test(bare) || /:(?:\s|$)/.test(bare) || bare.includes('\t'))
      throw beyond;
    return plainScalar(bare);
  }

  private escaped(text: string): string {
    const single = /^'((?:[^']|'')*)'$/.exec(text);
    if (single) return (single[1] as string).replace(/''/g, "'");
    if (!/^"(?:[^"\\]|\\["\\nt/])*"$/.test(text)) throw beyond;
    return JSON.parse(text);
  }

  private literal(indent: number, newline: boolean): string {
    const taken: string[] = [];
    let column = -1;
    for (; this.at < this.lines.length; this.at++) {
      const line = this.lines[this.at] as string;
      const start = line.search(/[^ ]/);
      if (start < 0) {
        if (column < 0 ? line.length > 0 : line.length > column) throw beyond;
        taken.push('');
        continue;
      }
      if (start <= indent) break;
      if (column < 0) column = start;
      if (start < column) throw beyond;
      taken.push(line.slice(column));
    }
    while (taken.at(-1) === '') taken.pop();
    if (taken.length === 0) return '';
    return taken.join('\n') + (newline ? '\n' : '');
  }
}

/**
 * Reads the plain block style that manifests and kubeconfigs are written in: maps, lists, one-line scalars,
 * literal blocks, several documents. @returns undefined for anything beyond it (anchors, tags, folded text, an
 * error, ...), which the whole library must read then.
 */
export function parseSimpleYaml(text: string): unknown[] | undefined {
  if (text.includes('\r') || text.startsWith('\ufeff')) return undefined;
  const parts: string[][] = [[]];
  for (const line of text.split('\n')) {
    if (/^---(?:\s|$)/.test(line)) {
      if (!/^---\s*(?:#.*)?$/.test(line)) return undefined;
      parts.push([]);
    } else if (/^(?:\.\.\.|%)/.test(line)) {
      return undefined;
    } else {
      parts.at(-1)?.push(line);
    }
  }
  const empty = (lines: string[] | undefined) => lines?.every(line => /^\s*(?:#|$)/.test(line)) ?? true;
  if (parts.length > 1 && empty(parts[0])) parts.shift();
  try {
    return parts.map(lines => new Reader(lines).document());
  } catch (error) {
    if (error === beyond) return undefined;
    throw error;
  }
}
