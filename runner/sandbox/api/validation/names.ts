/** The forms of names that Kubernetes checks, each with the sentences it answers (apimachinery `util/validation`). */

export const dns1123Label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
export const dns1123Subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
export const dns1035Label =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const qualifiedPart =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelValue =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const configKey =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

const labelForm = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomainForm = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label1035Form = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const qualifiedForm = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

export function tooLong(length: number): string {
  return `must be no more than ${length} ${length === 1 ? 'byte' : 'bytes'}`;
}

function check(text: string, form: RegExp, limit: number, problem: string): string[] {
  return [...(text.length > limit ? [tooLong(limit)] : []), ...(form.test(text) ? [] : [problem])];
}

/** What is wrong with a name, if anything: each of these answers the sentences, none for a good name. */
export type NameCheck = (text: string) => string[];

export const checkLabelName: NameCheck = text => check(text, labelForm, 63, dns1123Label);
export const checkSubdomain: NameCheck = text => check(text, subdomainForm, 253, dns1123Subdomain);
export const checkServiceName: NameCheck = text => check(text, label1035Form, 63, dns1035Label);

const wildcardSubdomain =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** Hosts of Ingresses that stand for all below a domain. */
export const checkWildcardSubdomain: NameCheck = text => [
  ...(text.length > 253 ? [tooLong(253)] : []),
  ...(text.startsWith('*.') && subdomainForm.test(text.slice(2)) ? [] : [wildcardSubdomain]),
];

/** Names of RBAC objects and the like, which may hold nearly anything. */
export const checkPathSegment: NameCheck = text => {
  if (text === '.' || text === '..') return [`may not be '${text}'`];
  return ['/', '%'].filter(part => text.includes(part)).map(part => `may not contain '${part}'`);
};

/** Keys of labels and annotations: `name` or `prefix/name`. */
export const checkQualifiedName: NameCheck = text => {
  const parts = text.split('/');
  if (parts.length > 2) {
    return [
      `a qualified name ${qualifiedPart.slice('name part '.length).replace(/\)$/, '')}) with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const [prefix, name] = parts.length === 2 ? parts : [undefined, parts[0]];
  const problems: string[] = [];
  if (prefix === '') problems.push('prefix part must be non-empty');
  else if (prefix !== undefined)
    problems.push(...checkSubdomain(prefix).map(problem => `prefix part ${problem}`));
  if (!name) return [...problems, 'name part must be non-empty', qualifiedPart];
  if (name.length > 63) problems.push(`name part ${tooLong(63)}`);
  if (!qualifiedForm.test(name)) problems.push(qualifiedPart);
  return problems;
};

export const checkLabelValue: NameCheck = text => {
  const problems = text.length > 63 ? [tooLong(63)] : [];
  return text === '' || qualifiedForm.test(text) ? problems : [...problems, labelValue];
};

/** Keys of ConfigMaps and Secrets. */
export const checkConfigKey: NameCheck = text => {
  if (text === '.' || text === '..') return [`may not be '${text}'`];
  return check(text, /^[-._a-zA-Z0-9]+$/, 253, configKey);
};

/** Names of ports: IANA service names. */
export const checkPortName: NameCheck = text => {
  const problems: string[] = [];
  if (text.length > 15) problems.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(text))
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(text)) problems.push('must contain at least one letter (a-z)');
  if (text.includes('--')) problems.push('must not contain consecutive hyphens');
  if (text.startsWith('-') || text.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
};

export const checkEnvName: NameCheck = text => {
  if (text !== '' && /^[ -<>-~]+$/.test(text)) return [];
  return ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
};
