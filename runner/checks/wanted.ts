import type {Stars, StarsWanted} from '../catalog/lab.ts';

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** Wanted stars in words: `black for every visitor`, `jason black, john none`, `90 % none, 10 % red`. */
export function wantedText(wanted: StarsWanted): string {
  switch (wanted.mode) {
    case 'each': {
      const entries = Object.entries(wanted.visitors);
      const kinds = new Set(entries.map(([, stars]) => stars));
      if (kinds.size === 1) return `${[...kinds][0]} for every visitor`;
      return entries.map(([visitor, stars]) => `${visitor} ${stars}`).join(', ');
    }
    case 'mix':
      return Object.entries(wanted.shares)
        .filter(([, share]) => share > 0)
        .map(([stars, share]) => `${percent(share)} ${stars}`)
        .join(', ');
    case 'seen':
      return `${wanted.stars.join(', ')} all seen`;
  }
}

/** Who loads the page. */
export function visitorsOf(wanted: StarsWanted): readonly string[] {
  return wanted.mode === 'each' ? Object.keys(wanted.visitors) : wanted.visitors;
}

/** All the stars that somebody should see. */
export function starsIn(wanted: StarsWanted): readonly Stars[] {
  switch (wanted.mode) {
    case 'each':
      return [...new Set(Object.values(wanted.visitors))];
    case 'mix':
      return (Object.keys(wanted.shares) as Stars[]).filter(stars => wanted.shares[stars] > 0);
    case 'seen':
      return wanted.stars;
  }
}
