import {describe, expect, it} from 'vitest';
import type {CustomSchema} from '../schema-types.ts';
import {compileCel} from './compile.ts';
import {toCel} from './values.ts';

const limit = {cost: 1_000_000, deadline: Number.POSITIVE_INFINITY};
const run = (text: string, self: unknown = {}, schema?: CustomSchema) =>
  compileCel(text).evaluate({self: toCel(schema, self)}, limit).value;

describe('CEL', () => {
  it.each<[string, unknown, unknown]>([
    ['1 + 2 * 3 == 7 && !false', {}, true],
    ['(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) <= 1', {a: 1, b: 2}, false],
    ["duration(self) >= duration('1ms')", '1h0.5s', true],
    ["duration(self) >= duration('1ms')", '500us', false],
    ["self.all(k, size(k) < 3 && k.matches('^[a-z]+$'))", {ab: 1, c: 2}, true],
    ['self.all(a, self.exists_one(b, a.n == b.n))', [{n: 1}, {n: 1}], false],
    ["self in ['', 'HTTP']", 'HTTP', true],
    ["self.startsWith('unix://') ? self.substring(7, 8) == '/' : true", 'unix://x', false],
    ['isURL(self)', 'ghcr.io/istio/x', false],
    ["url('http://' + self).getScheme()", 'ghcr.io/istio/x', 'http'],
    ['((has(self.m)) ? self.m : {}).size() > 0', {}, false],
    ['-self.x < 0', {x: 2}, true],
    [`self.matches(r'^\\d+$') && """a"b""" == 'a"b'`, '42', true],
    ['self.a == self.b', {a: {x: [1]}, b: {x: [1]}}, true],
    ['self.a == self.b', {a: 'x', b: 1}, false],
    ['self.exists(x, x == 1) && 1 in self', ['a', 1], true],
    ['has(self.constructor) || has(self.toString)', {}, false],
    ['self.namespace__', {namespace__: 1}, 1n],
    ['9007199254740993 - 9007199254740992 == 1', {}, true],
    ['self.map(x, x * 2).sum() == 6 && self.filter(x, x > 1) == [2]', [1, 2], true],
    ["sets.contains(['a', 'b'], ['b']) && ip.isCanonical('::1')", {}, true],
    [
      "quantity('1Gi').isGreaterThan(quantity('900M')) && quantity('500m').add(1) == quantity('1.5')",
      {},
      true,
    ],
    ["cidr('10.0.0.0/8').containsIP('10.1.2.3') && ip('::1').family() == 6", {}, true],
    ["semver('1.10.0').isGreaterThan(semver('1.9.9'))", {}, true],
    ["self.find('[0-9]+') + self.replace('o', '0') + self.charAt(1)", 'o😀7', '70😀7😀'],
    [
      "url(self).getHostname() + url(self).getPort() + url(self).getQuery()['q'][0]",
      'http://a.b:81/c?q=1',
      'a.b811',
    ],
    ["string(timestamp('2024-01-01T00:00:00Z'))", {}, '2024-01-01T00:00:00Z'],
    ["self.?a.orValue('none')", {}, 'none'],
    ['cel.bind(x, self.a, x + x)', {a: 2}, 4n],
  ])('%s', (text, self, value) => expect(run(text, self)).toEqual(value));

  it('takes numbers by their schema', () => {
    const schema: CustomSchema = {
      type: 'object',
      properties: {a: {type: 'integer'}, b: {type: 'number'}, 'c-d': {type: 'string', format: 'duration'}},
    };
    expect(run('self.a / 2', {a: 5}, schema)).toBe(2n);
    expect(run('self.b / 2.0', {b: 5}, schema)).toBe(2.5);
    expect(run("self.c__dash__d > duration('1s')", {'c-d': '2s'}, schema)).toBe(true);
  });

  it('lets an operand decide even where the other one fails', () => {
    expect(run('self.missing == 1 || true')).toBe(true);
    expect(run('false && self.missing == 1')).toBe(false);
    expect(() => run('self.missing == 1 || false')).toThrow('no such key: missing');
  });

  it.each<[string, unknown, string]>([
    ['self[3] == 1', [1], 'index out of bounds: 3'],
    ['1 / self.a == 1', {a: 0}, 'division by zero'],
    ['1 % self.a == 1', {a: 0}, 'modulus by zero'],
    ['int(self) == 1', 'x', "type conversion error from 'string' to 'int'"],
    [
      "duration(self) == duration('1s')",
      'x',
      "type conversion error from 'string' to 'google.protobuf.Duration'",
    ],
    ['self.a + 1 == 2', {a: 'x'}, 'no such overload'],
    ['self.a.startsWith("x")', {a: 1}, 'no such overload'],
    ["self.matches('(')", 'x', 'error parsing regexp: missing closing ): `(`'],
    ['self.substring(5) == ""', 'x', 'index out of range: 5'],
  ])('%s of %j fails with %s', (text, self, message) => expect(() => run(text, self)).toThrow(message));

  it.each(['1 +', 'self.', '(1', "'open", 'a b', 'self.x.tomorrow()', 'nobody == 1'])('refuses %s', text =>
    expect(() => compileCel(text)).toThrow(),
  );
});

/** As cel-go counts them. */
describe('the cost', () => {
  it.each<[string, unknown, number]>([
    ['self.a.b == 1', {a: {b: 1}}, 4],
    ["self == 'abcdefghijk'", 'abcdefghijk', 3],
    ['has(self.a.b)', {a: {}}, 2],
    ['[1, 2].size() == 2', {}, 2],
    ['[self.a].size() == 1', {a: 1}, 14],
    ["self in ['a', 'b']", 'a', 2],
    ["self.startsWith('a')", 'a'.repeat(100), 11],
    ["self.matches('abcd')", 'a'.repeat(99), 11],
    ['self.all(x, x > 0)', [1, 2, 3], 17],
    ['self.map(x, x)', [1, 2], 28],
  ])('of %s', (text, self, cost) =>
    expect(compileCel(text).evaluate({self: toCel(undefined, self)}, limit).cost).toBe(cost),
  );

  it.each([
    'self.all(a, self.all(b, self.all(c, self.all(d, a + b + c + d < 100))))',
    'self.map(a, self.map(b, self.map(c, self.map(d, a)))).size() > 0',
    "self.map(a, 'x').join('').matches('(a+)+$') || self.exists(a, self.exists(b, self.exists(c, a == b + c + 5000)))",
    'sets.equivalent(self.map(a, a + 1), self.map(b, b + 2)) && self.all(a, self.all(b, self + self != self))',
  ])('ends %s', text => {
    const started = performance.now();
    const self = toCel(
      undefined,
      Array.from({length: 2000}, () => 1),
    );
    expect(() => compileCel(text).evaluate({self}, limit)).toThrow(
      'operation cancelled: actual cost limit exceeded',
    );
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
