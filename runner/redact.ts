import {mapTexts} from './map-texts.ts';

/**
 * The one place that knows what must not leave the machine: tokens, keys and certificates, the data of Secrets, the
 * credentials of kubeconfigs, and what a browser sends to stay signed in. Every report, trace, log and event goes
 * through it.
 */
export const redacted = '(redacted)';

/** Only texts with one of these in them can hold a secret; most hold none, and looking takes time. */
const suspicious =
  /-----BEGIN|LS0tLS1CRUdJTi|eyJ|[Aa]uthorization|AUTHORIZATION|[Bb]earer|[Cc]ookie|COOKIE|[Tt]oken|TOKEN|[Pp]assw|PASSW|[Ss]ecret|SECRET|credential|-data|stringData|-----END|access-key|api[-_]?key|:\/\/[^/\s]*@/;

interface Rule {
  pattern: RegExp;
  by: string | ((...found: string[]) => string);
}

/** Keys whose value is a credential, in YAML, JSON, JSON inside JSON, flags and URLs. */
const keys =
  'client-key-data|client-certificate-data|certificate-authority-data|client_key_data|' +
  'token|id-token|id_token|refresh-token|refresh_token|access-token|access_token|bootstrap-token|csrf_token|' +
  'password|passwd|passphrase|client-secret|client_secret|secret-key|secret_key|private-key|private_key|' +
  'api-key|api_key|apikey|secret-access-key|aws_secret_access_key|\\.dockerconfigjson|_auth|auth-token';

const rules: readonly Rule[] = [
  // A block that was cut off counts to the end of the text.
  {
    pattern: /-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g,
    by: redacted,
  },
  // The same in base64, as kubeconfigs and Secrets hold it.
  {pattern: /LS0tLS1CRUdJTi[A-Za-z0-9+/=_-]*/g, by: redacted},
  // A JSON Web Token.
  {pattern: /\beyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)?(?:\.[\w-]*)?(?:\.[\w-]*)?/g, by: redacted},
  // A header as a line, as a pair of names, and as HAR and the like have it.
  {
    pattern:
      /((?:proxy-)?authorization|set-cookie|cookie|x-forwarded-client-cert)(\s*[:=]\s*)([^\r\n"'\\]+)/gi,
    by: (_, name = '', sign = '') => `${name}${sign}${redacted}`,
  },
  {
    pattern:
      /(\\{0,8}"(?:(?:proxy-)?authorization|set-cookie|cookie|x-forwarded-client-cert)\\*"\s*:\s*\\*")((?:[^"\\]|\\[^"])*)/gi,
    by: (_, head = '') => `${head}${redacted}`,
  },
  {
    pattern:
      /("name"\s*:\s*"(?:(?:proxy-)?authorization|set-cookie|cookie|x-forwarded-client-cert)"\s*,\s*"value"\s*:\s*")((?:[^"\\]|\\.)*)/gi,
    by: (_, head = '') => `${head}${redacted}`,
  },
  // Cookies taken apart: a list of objects with a name and a value.
  {
    pattern: /("cookies"\s*:\s*\[)([^\]]{0,2000})(\])/gi,
    by: (_, head = '', list = '', tail = '') =>
      `${head}${list.replace(/("value"\s*:\s*")((?:[^"\\]|\\.)*)/g, `$1${redacted}`)}${tail}`,
  },
  {
    pattern: /\b(Bearer|Basic)(\s+)[\w.~+/=-]{8,}/gi,
    by: (_, kind = '', gap = '') => `${kind}${gap}${redacted}`,
  },
  {pattern: /(\\{0,8}"auth\\*"\s*:\s*\\*")([^"\\]+)/g, by: (_, head = '') => `${head}${redacted}`},
  // A key with its value in quotes, however often they are escaped.
  {
    pattern: new RegExp(`(\\\\{0,8}["'](?:${keys})\\\\{0,8}["']\\s*:\\s*\\\\*["'])([^"'\\\\\\r\\n]+)`, 'gi'),
    by: (_, head = '') => `${head}${redacted}`,
  },
  // A key of YAML, where a key can stand: prose has such words, too.
  {
    pattern: new RegExp(`(^[ \\t+-]{0,80}(?:${keys})[ \\t]*:[ \\t]*["']?)([^\\s"',;&}\\[\\]]+)`, 'gim'),
    by: (_, head = '') => `${head}${redacted}`,
  },
  {
    pattern: new RegExp(`([{,]\\s*(?:${keys})[ \\t]*:[ \\t]*["']?)([^\\s"',;&}\\[\\]]+)`, 'gi'),
    by: (_, head = '') => `${head}${redacted}`,
  },
  // A flag, a variable, and a field of a form or URL.
  {
    pattern: new RegExp(`((?:^|[\\s{,;?&_-])(?:${keys})=["']?)([^\\s"',;&}\\[\\]]+)`, 'gim'),
    by: (_, head = '') => `${head}${redacted}`,
  },
  {
    pattern: new RegExp(`(--(?:${keys})[ \\t]+["']?)([^\\s"'-][^\\s"']*)`, 'gi'),
    by: (_, head = '') => `${head}${redacted}`,
  },
  {pattern: /(--from-literal[= ]["']?[^=\s"']+=)([^\s"']+)/g, by: (_, head = '') => `${head}${redacted}`},
  // A field of a form in a page.
  {
    pattern:
      /(<input\b[^<>]{0,200}(?:type=["']?(?:password|hidden)|token|passw)[^<>]{0,200}\bvalue=["']?)([^"'<>]+)/gi,
    by: (_, head = '') => `${head}${redacted}`,
  },
  // Who signs in with the address itself.
  {
    pattern: /(\b\w{1,20}:\/\/[^\s/:@]{1,200}:)([^\s/@]{1,200})(@)/g,
    by: (_, head = '', __ = '', at = '') => `${head}${redacted}${at}`,
  },
];

/** A text without secrets. What is not suspicious comes back as it is. */
export function redactText(text: string): string {
  if (!suspicious.test(text)) return text;
  return redactPlain(text.includes('\\') ? insideLiterals(text) : text);
}

function redactPlain(text: string): string {
  const whole = isOfSecrets(text) ? redactSecretData(text) : text;
  const withoutSecrets = whole.includes('-----END') ? redactEnds(whole) : whole;
  return rules.reduce(
    (rest, {pattern, by}) => rest.replace(pattern, by as (found: string) => string),
    withoutSecrets,
  );
}

/** Texts inside JSON are looked at as what they say, and those inside them: their line ends and quotes are written otherwise. */
function insideLiterals(text: string): string {
  const kept: string[] = [];
  let from = 0;
  for (;;) {
    const begin = text.indexOf('"', from);
    const end = begin < 0 ? -1 : endOfLiteral(text, begin);
    if (end < 0) break;
    kept.push(text.slice(from, begin), redactLiteral(text.slice(begin, end)));
    from = end;
  }
  kept.push(text.slice(from));
  return kept.join('');
}

/** Behind the closing quote of the literal that begins there; -1 where there is none any more. */
function endOfLiteral(text: string, begin: number): number {
  for (let at = begin + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
  }
  return -1;
}

function redactLiteral(literal: string): string {
  if (!literal.includes('\\')) return literal;
  let said: unknown;
  try {
    said = JSON.parse(literal);
  } catch {
    return literal;
  }
  if (typeof said !== 'string') return literal;
  const clean = redactText(said);
  return clean === said ? literal : JSON.stringify(clean);
}

/** What stands in lines of base64 before the end of a key or certificate whose beginning is not there. */
function redactEnds(text: string): string {
  let body: string[] = [];
  let isInside = false;
  const kept: string[] = [];
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed.includes('-----BEGIN')) isInside = true;
    if (!isInside && /^[A-Za-z0-9+/=]{4,}$/.test(trimmed)) {
      body.push(line);
      continue;
    }
    if (!isInside && trimmed.startsWith('-----END')) kept.push(redacted);
    else {
      for (const each of body) kept.push(each);
      kept.push(line);
    }
    body = [];
    if (trimmed.includes('-----END')) isInside = false;
  }
  return [...kept, ...body].join('\n');
}

/** Whether there is a Secret of Kubernetes in the text, or a list of them. */
function isOfSecrets(text: string): boolean {
  return /\bkind\\*["']?\s*:\s*\\*["']?Secret(?:List)?\b/.test(text);
}

/** Takes the values out of every `data` and `stringData` of a text in which there is a Secret: what is too much is no harm. */
function redactSecretData(text: string): string {
  return redactBlocks(text)
    .replaceAll(
      /(\\{0,8}"(?:data|stringData)\\*"\s*:\s*\{)([^{}]*)(\})/g,
      (_, head: string, body: string, tail: string) =>
        `${head}${body.replaceAll(/(:\s*\\*")((?:[^"\\]|\\[^"])*)/g, `$1${redacted}`)}${tail}`,
    )
    .replaceAll(
      /(\b(?:data|stringData)\s*:\s*\{)([^{}\n]*)(\})/g,
      (_, head: string, body: string, tail: string) =>
        `${head}${body.replaceAll(/(:\s*)([^,}]+)/g, `$1${redacted}`)}${tail}`,
    );
}

/** `data:` of YAML and the lines that are indented behind it, block scalars too. */
function redactBlocks(text: string): string {
  let inside: number | undefined;
  let keyed: number | undefined;
  const kept: string[] = [];
  for (const line of text.split('\n')) {
    const indent = line.length - line.trimStart().length;
    const head = /^[+\- ]*(?:data|stringData):\s*$/.exec(line);
    if (head) {
      inside = indentOfKey(line);
      keyed = undefined;
      kept.push(line);
      continue;
    }
    if (inside !== undefined && line.trim() !== '' && indent <= inside && !line.startsWith('+'))
      inside = undefined;
    const pair = inside === undefined ? undefined : /^([+\- ]*["']?[\w.-]+["']?:)(.*)$/.exec(line);
    if (inside === undefined || line.trim() === '') kept.push(line);
    else if (pair && (keyed === undefined || indent <= keyed)) {
      keyed = indent;
      kept.push(`${pair[1]} ${redacted}`);
    }
    // What goes on behind a key, as block scalars and folded lines do, has gone with it.
  }
  return kept.join('\n');
}

function indentOfKey(line: string): number {
  return line.search(/data:|stringData:/);
}

/** Names of fields whose text is a credential, whatever it looks like. */
const secretFields = new RegExp(`^(?:authorization|proxy-authorization|cookie|set-cookie|${keys})$`, 'i');

/** Data without secrets: every text in it, at any depth, as {@link mapTexts} goes through them. */
export function redactData<T>(value: T): T {
  return mapTexts(value, {
    text: (text, field) => (field && text !== '' && secretFields.test(field) ? redacted : redactText(text)),
  });
}

/** Longer ones are scripts of their own; what they print is looked at as any output is. */
const longestCommand = 2000;

/** Whether a command prints credentials in a form that nobody could know by itself: then nothing of it is kept. */
export function printsCredentials(typed: string): boolean {
  const command = typed.slice(0, longestCommand);
  return (
    /\bkubectl\b.*\bget\b.*\bsecrets?\b.*(?:-o|--output|--template)/s.test(command) ||
    /\bkubectl\b.*\bconfig\s+view\b.*--raw/s.test(command) ||
    /\bkubectl\b.*\bcreate\s+token\b/s.test(command) ||
    /\b(?:kind|k3d)\b.*\bget\s+kubeconfig\b/s.test(command) ||
    /\b(?:base64\s+(?:-d|-D|--decode)|openssl\b)/.test(command)
  );
}
