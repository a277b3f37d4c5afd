/** The expressions of the Common Expression Language, as far as CRD validation rules use them. */
export type Expression =
  | {is: 'literal'; value: string | number | boolean | null}
  | {is: 'list'; items: Expression[]}
  | {is: 'map'; entries: [Expression, Expression][]}
  | {is: 'name'; name: string}
  | {is: 'field'; of: Expression; name: string}
  | {is: 'index'; of: Expression; at: Expression}
  | {is: 'call'; on: Expression | undefined; name: string; args: Expression[]}
  | {is: 'unary'; operator: '!' | '-'; operand: Expression}
  | {is: 'binary'; operator: string; left: Expression; right: Expression}
  | {is: 'choice'; condition: Expression; yes: Expression; no: Expression};

/** An expression that is no CEL, or CEL that we don't know. */
export class CelSyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CelSyntaxError';
  }
}

interface Token {
  kind: 'number' | 'string' | 'name' | 'sign' | 'end';
  text: string;
  value?: string | number;
}

const tokenForms: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /\s+|\/\/[^\n]*/y],
  ['number', /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?u?/y],
  ['string', /r?"(?:[^"\\]|\\.)*"|r?'(?:[^'\\]|\\.)*'/y],
  ['name', /[A-Za-z_]\w*/y],
  ['sign', /\|\||&&|==|!=|<=|>=|[-+*/%<>!?:.,()[\]{}]/y],
];

/** @throws CelSyntaxError where a character begins no token. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const token = nextToken(text, at);
    if (!token) throw new CelSyntaxError(`unexpected ${JSON.stringify(text[at])} at ${at}`);
    at += token.text.length;
    if (token.kind !== 'space') tokens.push({...token, kind: token.kind});
  }
  tokens.push({kind: 'end', text: ''});
  return tokens;
}

function nextToken(text: string, at: number) {
  for (const [kind, form] of tokenForms) {
    form.lastIndex = at;
    const match = form.exec(text)?.[0];
    if (match === undefined) continue;
    if (kind === 'number') return {kind, text: match, value: Number.parseFloat(match)};
    if (kind === 'string') return {kind, text: match, value: unquote(match)};
    return {kind, text: match};
  }
  return undefined;
}

const escapes: Record<string, string> = {n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v'};

function unquote(text: string): string {
  if (text.startsWith('r')) return text.slice(2, -1);
  return text
    .slice(1, -1)
    .replaceAll(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/g, (_, unicode, hex, letter) =>
      letter === undefined
        ? String.fromCharCode(Number.parseInt(unicode ?? hex, 16))
        : (escapes[letter] ?? letter),
    );
}
