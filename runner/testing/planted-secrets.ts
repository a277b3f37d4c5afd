/** A text as some program prints it, and what of it must not leave the machine. */
export interface Planted {
  what: string;
  text: string;
  secrets: readonly string[];
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const pem = (kind: string, body: string): string => `-----BEGIN ${kind}-----\n${body}\n-----END ${kind}-----`;

const key = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQplantedKEY\n77plantedKeyLine2+/==';
const certificate = 'MIIDCTCCAfGgAwIBAgIUplantedCERT0123456789abcdef\nplantedCertLine2==';
const jwt = `${base64('{"alg":"RS256","kid":"planted"}')}.${base64('{"sub":"system:serviceaccount:planted"}')}.c2lnbmF0dXJlLXBsYW50ZWQ`;
const value = 'cGxhbnRlZC1zZWNyZXQtdmFsdWU=';

/** One of each kind that a run may come upon. None of them is or was anybody's. */
export const planted: readonly Planted[] = [
  {what: 'a private key', text: `before\n${pem('RSA PRIVATE KEY', key)}\nafter`, secrets: key.split('\n')},
  {what: 'a certificate', text: pem('CERTIFICATE', certificate), secrets: certificate.split('\n')},
  {
    what: 'a key that is cut off',
    text: `-----BEGIN PRIVATE KEY-----\n${key}`,
    secrets: key.split('\n'),
  },
  {
    what: 'a certificate whose beginning is cut off',
    text: `${certificate.replace('\n', 'ABCDEFGH\n')}ABCDEFGHIJKLMN\n-----END CERTIFICATE-----\nafter`,
    secrets: ['plantedCERT', 'plantedCertLine2'],
  },
  {
    what: 'a kubeconfig',
    text: [
      'apiVersion: v1',
      'clusters:',
      '- cluster:',
      `    certificate-authority-data: ${base64(pem('CERTIFICATE', certificate))}`,
      '    server: https://127.0.0.1:6443',
      '  name: planted',
      'users:',
      '- name: admin',
      '  user:',
      `    client-certificate-data: ${base64(pem('CERTIFICATE', certificate))}`,
      `    client-key-data: ${base64(pem('PRIVATE KEY', key))}`,
      '    token: planted-kubeconfig-token-0123',
      '    password: planted-kubeconfig-password',
    ].join('\n'),
    secrets: [
      base64(pem('PRIVATE KEY', key)),
      base64(pem('CERTIFICATE', certificate)),
      'planted-kubeconfig-token-0123',
      'planted-kubeconfig-password',
    ],
  },
  {
    what: 'a Secret in YAML, whose data comes before its kind',
    text: `apiVersion: v1\ndata:\n  password: ${value}\n  user: cGxhbnRlZC11c2Vy\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque`,
    secrets: [value, 'cGxhbnRlZC11c2Vy'],
  },
  {
    what: 'a Secret in YAML with plain texts',
    text: `kind: Secret\nmetadata:\n  name: db\nstringData:\n  url: planted plain text\n  long: |\n    planted block line one\n    planted block line two\n  "quoted": 'planted quoted'\ntype: Opaque`,
    secrets: ['planted plain text', 'planted block line one', 'planted block line two', 'planted quoted'],
  },
  {
    what: 'a list of Secrets in YAML',
    text: `apiVersion: v1\nitems:\n- apiVersion: v1\n  data:\n    a: ${value}\n  kind: Secret\n- apiVersion: v1\n  data:\n    b: cGxhbnRlZC1zZWNvbmQ=\n  kind: Secret\nkind: List`,
    secrets: [value, 'cGxhbnRlZC1zZWNvbmQ='],
  },
  {
    what: 'a Secret in JSON',
    text: JSON.stringify({kind: 'Secret', metadata: {name: 'db'}, data: {password: value}}, null, 2),
    secrets: [value],
  },
  {
    what: 'a Secret inside an annotation',
    text: `kind: Secret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      ${JSON.stringify({kind: 'Secret', stringData: {password: 'planted-in-annotation'}})}\n`,
    secrets: ['planted-in-annotation'],
  },
  {
    what: 'a Secret inside JSON inside JSON',
    text: JSON.stringify({applied: JSON.stringify({kind: 'Secret', data: {password: value}})}),
    secrets: [value],
  },
  {
    what: 'a Secret in one line of YAML',
    text: `kind: Secret\nstringData: {password: planted-inline, user: "planted-inline-user"}`,
    secrets: ['planted-inline', 'planted-inline-user'],
  },
  {
    what: 'a JSON Web Token',
    text: `the token is ${jwt}, says it`,
    secrets: [jwt.split('.')[1] ?? '', 'c2lnbmF0dXJlLXBsYW50ZWQ'],
  },
  {
    what: 'headers as lines',
    text: 'GET / HTTP/1.1\r\nAuthorization: Bearer planted-bearer-0123\r\nCookie: session=planted-session; a=b\r\nHost: x\r\n',
    secrets: ['planted-bearer-0123', 'planted-session'],
  },
  {
    what: 'headers as curl prints them',
    text: '> authorization: Basic cGxhbnRlZDpwYXNzd29yZA==\n< set-cookie: session=planted-set; HttpOnly; Path=/\n',
    secrets: ['cGxhbnRlZDpwYXNzd29yZA==', 'planted-set'],
  },
  {
    what: 'headers as a browser records them',
    text: '{"request":{"headers":[{"name":"Cookie","value":"session=planted-har"},{"name":"Host","value":"x"}],"cookies":[{"name":"session","value":"planted-har-cookie","path":"/"}]},"set":{"Set-Cookie":"session=planted-json"}}',
    secrets: ['planted-har"', 'planted-har-cookie', 'planted-json'],
  },
  {
    what: 'a token as a flag',
    text: 'kubectl --token planted-flag-token get pods --token=planted-flag-equals',
    secrets: ['planted-flag-token', 'planted-flag-equals'],
  },
  {
    what: 'a literal of a Secret',
    text: 'kubectl create secret generic db --from-literal=password=planted-literal --from-literal user=planted-user',
    secrets: ['planted-literal', 'planted-user'],
  },
  {
    what: 'a form that was sent',
    text: 'username=jason&passwd=planted-passwd&token=planted-form-token',
    secrets: ['planted-passwd', 'planted-form-token'],
  },
  {
    what: 'a field of a page',
    text: '<input type="hidden" name="csrf_token" value="planted-csrf"><input name="user" value="jason">',
    secrets: ['planted-csrf'],
  },
  {
    what: 'a password in an address',
    text: 'see https://user:planted-url-password@host.test/a',
    secrets: ['planted-url-password'],
  },
  {
    what: 'a registry login',
    text: '{"auths":{"r.test":{"username":"u","password":"planted-registry","auth":"cGxhbnRlZC1yZWdpc3RyeQ=="}}}',
    secrets: ['planted-registry', 'cGxhbnRlZC1yZWdpc3RyeQ=='],
  },
];
