interface Jwk {
  kty?: unknown;
  d?: unknown;
  [field: string]: unknown;
}

export interface ReadKeys {
  fault?: string;
  /** The places of keys with which tokens could be signed, or that are secrets themselves. */
  privateKeys: number[];
}

interface KeyType {
  /** The type's name in the library whose words these are. */
  name: string;
  required: readonly string[];
}

/** By `kty`: what a public key must have; one with `d` is private, and must have that too. */
const types: Record<string, KeyType> = {
  RSA: {name: 'rsa', required: ['e', 'n']},
  EC: {name: 'ecdsa', required: ['crv', 'x', 'y']},
  OKP: {name: 'okp', required: ['crv', 'x']},
  oct: {name: 'symmetric', required: ['k']},
};

/** Reads a set of keys, or a single one, as istiod does, in the words of its library (Go: `jwk.Parse`). */
export function readJwks(text: string): ReadKeys {
  const failed = (why: string): ReadKeys => ({fault: `failed to unmarshal JWK set: ${why}`, privateKeys: []});
  const parsed = parseJson(text);
  if ('fault' in parsed) return failed(parsed.fault);
  const set = parsed.value;
  if (typeof set !== 'object' || set === null || Array.isArray(set)) {
    return failed(`expected '{', but got '${text.trim()[0]}'`);
  }
  const {keys} = set as {keys?: unknown};
  if (keys === undefined) {
    const fault = keyFault(set as Jwk);
    return fault
      ? failed(`failed to parse sole key in key set: ${fault}`)
      : {privateKeys: isPrivate(set as Jwk) ? [0] : []};
  }
  const list = (Array.isArray(keys) ? keys : []) as Jwk[];
  for (const [index, key] of list.entries()) {
    const fault = keyFault(key);
    if (fault) return failed(`failed to decode key #${index} in "keys": ${fault}`);
  }
  return {privateKeys: list.flatMap((key, index) => (isPrivate(key) ? [index] : []))};
}

function keyFault(key: Jwk): string | undefined {
  const kty = String(key.kty ?? '');
  const type = Object.hasOwn(types, kty) ? types[kty] : undefined;
  if (!type) return `invalid key type from JSON (${kty})`;
  const hasPrivate = key.d !== undefined && kty !== 'oct';
  const required = hasPrivate ? withD(type.required) : type.required;
  const missing = required.find(field => key[field] === undefined);
  if (missing === undefined) return undefined;
  const name = kty === 'oct' ? 'symmetricKey' : `${type.name}${hasPrivate ? 'Private' : 'Public'}Key`;
  return `failed to unmarshal JSON into key (*jwk.${name}): required field ${missing} is missing`;
}

/** In alphabetical order, in which the library asks for them. */
const withD = (fields: readonly string[]) => [...fields, 'd'].sort();

const isPrivate = (key: Jwk) => key.kty === 'oct' || key.d !== undefined;

function parseJson(text: string): {value: unknown} | {fault: string} {
  try {
    return {value: JSON.parse(text)};
  } catch {
    const first = text.trimStart()[0];
    if (first === undefined) return {fault: 'EOF'};
    const starts = /[[{"\-\dtfn]/.test(first);
    return {fault: starts ? 'unexpected EOF' : `invalid character '${first}' looking for beginning of value`};
  }
}
