import type {MatchCondition} from '../match.ts';
import type {StringMatch} from '../types.ts';

/** `end-user exact jason`, `uri prefix /reviews`, `end-user present`. */
export function conditionText({field, wants}: Pick<MatchCondition, 'field' | 'wants'>): string {
  const name = field.replace(/^headers\./, '').replace(/^withoutHeaders\./, 'not ');
  return `${name} ${matchText(wants)}`;
}

function matchText({exact, prefix, regex}: StringMatch): string {
  if (exact !== undefined) return `exact ${exact}`;
  if (prefix !== undefined) return `prefix ${prefix}`;
  if (regex !== undefined && regex !== '*') return `regex ${regex}`;
  return 'present';
}
