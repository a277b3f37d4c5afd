import {readFileSync} from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {printsCredentials, redactData, redacted, redactText} from './redact.ts';
import {planted} from './testing/planted-secrets.ts';

describe('a text without secrets', () => {
  it.each(planted.map(each => [each.what, each] as const))('keeps nothing of %s', (_, {text, secrets}) => {
    const clean = redactText(text);
    for (const secret of secrets) expect(clean).not.toContain(secret);
    expect(clean).toContain(redacted);
    // What is redacted once more loses nothing, and tells nothing.
    expect(redactText(clean)).toBe(clean);
  });

  it.each(planted.map(each => [each.what, each] as const))(
    'keeps nothing of %s inside other data',
    (_, {text, secrets}) => {
      const inside = redactData({a: [{b: `before\n${text}\nafter`, c: 1}], json: JSON.stringify({text})});
      for (const secret of secrets) expect(JSON.stringify(inside)).not.toContain(secret);
    },
  );

  it('keeps what stands around', () => {
    expect(redactText(planted[0]?.text ?? '')).toBe(`before\n${redacted}\nafter`);
    expect(redactText('--token abc get pods')).toBe(`--token ${redacted} get pods`);
    expect(redactText('a=1&passwd=x&b=2')).toBe(`a=1&passwd=${redacted}&b=2`);
    expect(redactText('kind: Secret\ndata:\n  a: eA==\ntype: Opaque')).toBe(
      `kind: Secret\ndata:\n  a: ${redacted}\ntype: Opaque`,
    );
  });

  it.each([
    'The rule waits for "Jason" in the header end-user, and jason sends "jason".',
    'VirtualService bookinfo/reviews http[0].match[0].headers.end-user.exact: "Jason" -> "jason"',
    'kind: ConfigMap\ndata:\n  mesh: |\n    accessLogFile: /dev/stdout\n',
    'Secret "db" created',
    'kubectl get secrets -n bookinfo',
    'reviews-v3-5978b5d44d-cjfqk 2/2 Running',
    'https://127.0.0.1:44067/productpage?u=normal',
    'mutual TLS, details takes PERMISSIVE; RBAC: access denied',
    'tokens are spent; the password is asked for',
  ])('stays as it is: %s', text => expect(redactText(text)).toBe(text));

  it('leaves every lab as it is written', () => {
    const labs = path.resolve(import.meta.dirname, '..', 'labs');
    for (const lab of ['04-route-to-v1', '06-route-jason', '07-route-john']) {
      const page = readFileSync(path.join(labs, lab, 'lab.md'), 'utf8');
      expect(redactText(page)).toBe(page);
    }
  });

  it('takes linear time, whatever stands there', () => {
    const hostile = [
      '-----BEGIN A-----',
      '"cookies":[',
      'eyJaaaaaaa.',
      '<input type=password ',
      'a://b:',
      '\\',
      'token',
      'data: {',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...hostile), fc.constantFrom(...hostile), (a, b) => {
        const startedAt = performance.now();
        redactText(a.repeat(5000) + b.repeat(5000));
        return performance.now() - startedAt < 5000;
      }),
      {seed: 1, numRuns: 64},
    );
  });
});

describe('data without secrets', () => {
  it('redacts by the names of fields, too', () => {
    expect(redactData({'set-cookie': ['session=a', 'plain']})).toEqual({'set-cookie': [redacted, redacted]});
    expect(redactData({headers: {Cookie: 'plain', 'end-user': 'jason'}, token: 'plain'})).toEqual({
      headers: {Cookie: redacted, 'end-user': 'jason'},
      token: redacted,
    });
  });

  it('keeps its identity where nothing changes, and leaves objects with a behaviour alone', () => {
    const value = {a: ['x', {b: null}], error: new Error('token: abc')};
    expect(redactData(value)).toBe(value);
  });
});

describe('a command that prints credentials', () => {
  it.each([
    'kubectl get secret db -o jsonpath={.data.password}',
    'kubectl get secrets -A --output yaml',
    'kubectl config view --raw',
    'kubectl -n bookinfo create token bookinfo-reviews',
    'kind get kubeconfig --name x',
    'echo cGxhbnRlZA== | base64 -d',
  ])('is known: %s', command => expect(printsCredentials(command)).toBe(true));

  it.each(['kubectl get secrets -n bookinfo', 'kubectl config view', 'kubectl get pods -o yaml'])(
    'is no other: %s',
    command => expect(printsCredentials(command)).toBe(false),
  );
});
