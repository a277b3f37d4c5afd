import {compare, parse, type SemVer, satisfies} from 'semver';

const version = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?((?:-[\w.-]+)?(?:\+[\w.-]+)?)$/;

/** Reads a version as Helm does, `v` allowed and missing parts 0. @returns undefined when it is none. */
export function parseVersion(text: string): SemVer | undefined {
  const match = version.exec(text.trim());
  if (!match) return undefined;
  const [, major, minor = '0', patch = '0', rest] = match;
  return parse(`${major}.${minor}.${patch}${rest}`, {loose: true}) ?? undefined;
}

/** Negative when left is the older one. */
export const compareVersions = compare;

/**
 * Whether a version lies in a range such as `>=1.27.0 <2`, `~1.30`, `^1`, `1.30.x || 1.27.1`. As Helm reads ranges:
 * commas are allowed, `!=` is known, and a pre-release fits only where the range names one, of whatever version.
 * @see https://github.com/Masterminds/semver#checking-version-constraints
 */
export function semverMatches(range: string, text: string): boolean {
  const found = parseVersion(text);
  if (!found) return false;
  return range.split('||').some(part => {
    const wanted = part
      .replaceAll(/(\s)-(\s)/g, '$1\u0000$2')
      .replaceAll(/([<>=~^!])\s+/g, '$1')
      .split(/[\s,]+/)
      .map(word => word.replace('\u0000', '-').replace('=>', '>=').replace('=<', '<='))
      .filter(Boolean);
    const names = wanted.some(word => /\d-/.test(word));
    if (found.prerelease.length > 0 && !names) return wanted.length > 0 && wanted.every(word => word === '*');
    const fits = (comparators: string): boolean =>
      satisfies(found, comparators, {includePrerelease: true, loose: true});
    const excluded = wanted.filter(word => word.startsWith('!='));
    return (
      fits(wanted.filter(word => !word.startsWith('!=')).join(' ')) &&
      !excluded.some(word => fits(word.slice(2)))
    );
  });
}
