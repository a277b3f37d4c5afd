import {describe, expect, it} from 'vitest';
import {fullMatch, quote, regexFault, search} from './re2.ts';

describe('a pattern', () => {
  it.each([
    ['ja.*', 'jason', true],
    ['son', 'jason', false],
    ['.', '😀', true],
    ['(?m)^a$', 'a', true],
    ['(?i:abc)', 'ABC', true],
    ['^*', '', true],
    ['\\Qa.b', 'a.b', true],
    ['\\p{Greek}+', 'αβγ', true],
  ])('%s matches the whole of %s: %s', (pattern, text, expected) =>
    expect(fullMatch(pattern).test(text)).toBe(expected),
  );

  /** As Go 1.26's regexp.Compile puts it. */
  it.each([
    ['(a', 'error parsing regexp: missing closing ): `(a`'],
    ['a)', 'error parsing regexp: unexpected ): `a)`'],
    ['x{2,1}', 'error parsing regexp: invalid repeat count: `{2,1}`'],
    ['(?!a)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?!`'],
    ['a\\', 'error parsing regexp: trailing backslash at end of expression: ``'],
    ['*', 'error parsing regexp: missing argument to repetition operator: `*`'],
    ['\\1', 'error parsing regexp: invalid escape sequence: `\\1`'],
    ['(?i:abc)', undefined],
  ])('%s is refused with %s', (pattern, fault) => expect(regexFault(pattern)).toBe(fault));

  it.each(['(a+)+$', '(a|aa)+$', '(.*a){20}$', '([a-z]+)*\\d'])(
    '%s takes no longer for a harder text',
    pattern => {
      const started = performance.now();
      expect(search(pattern).test(`${'a'.repeat(20_000)}!`)).toBe(false);
      expect(performance.now() - started).toBeLessThan(2000);
    },
  );

  it('says when a text is too long for it', () =>
    expect(() => search('(a?){500}a{500}').test('a'.repeat(10_000))).toThrow(
      'a text of 10000 characters is too long for a pattern of 2502 states',
    ));
});

describe('search', () => {
  it.each([
    ['/v1/(\\w+)', '/api/v1/books', '/v2/\\1', '/api/v2/books'],
    ['b*', 'abc', '-', '-a-c-'],
    ['a', 'aXa', '\\\\\\0$1', '\\a$1X\\a$1'],
    ['(a)|(b)', 'ab', '[\\2\\9]', '[][b]'],
  ])('replaces every %s in %s by %s', (pattern, text, rewrite, expected) =>
    expect(search(pattern).replaceAll(text, rewrite)).toBe(expected),
  );

  it('gives its matches', () => expect(search('a+', {ignoreCase: true}).all('aAbaB')).toEqual(['aA', 'a']));
});

it('quotes what has a meaning', () => expect(fullMatch(quote('a.*(b')).test('a.*(b')).toBe(true));
