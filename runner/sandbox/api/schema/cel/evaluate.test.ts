import {describe, expect, it} from 'vitest';
import {evaluate} from './evaluate.ts';
import {parseCel} from './parse.ts';

const run = (text: string, self: unknown = {}) => evaluate(parseCel(text), {self});

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
  ])('%s', (text, self, value) => expect(run(text, self)).toEqual(value));

  it('lets an operand decide even where the other one fails', () => {
    expect(run('self.missing == 1 || true')).toBe(true);
    expect(run('false && self.missing == 1')).toBe(false);
    expect(() => run('self.missing == 1 || false')).toThrow('no such key: missing');
  });

  it.each(['1 +', 'self.', '(1', "'open", 'a b'])('refuses %s', text =>
    expect(() => parseCel(text)).toThrow(),
  );
});
