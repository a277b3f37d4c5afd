import {stripVTControlCharacters} from 'node:util';
import {describe, expect, it} from 'vitest';
import type {PageWay} from '../../checks/page-way.ts';
import {world} from '../../istio/testing/bookinfo-world.ts';
import {allSubsets, toSubset, virtualService} from '../../istio/testing/manifests.ts';
import {wayOfPage} from '../../istio/way/page.ts';
import {createPaint} from '../paint.ts';
import {wayLines} from './way-lines.ts';

function way(config: string): PageWay {
  return wayOfPage({snapshot: world({config}), visitor: 'jason', signedInAs: 'jason', via: 'productpage'});
}

const late =
  allSubsets +
  virtualService(`{match: [{headers: {end-user: {exact: jason}}}], ${toSubset('v2')}}, {${toSubset('v1')}}`) +
  virtualService(
    '{fault: {delay: {fixedDelay: 7s, percentage: {value: 100}}}, route: [{destination: {host: ratings}}]}',
    {name: 'ratings', hosts: 'ratings'},
  );

const looks = {width: 80, paint: createPaint(false)};

describe('the lines of a way', () => {
  it('draw the tree within 80 columns and without colour', () => {
    expect(wayLines(way(late), looks)).toEqual([
      'jason opens /productpage by a port-forward',
      '├ productpage-v1 → details: 200 from v1',
      '│   no VirtualService decides: the one pod of details-v1',
      '│   mutual TLS, details takes PERMISSIVE',
      '└ productpage-v1 → reviews: no answer after 6 s (productpage waits no longer)',
      '  │ VirtualService bookinfo/reviews http[0].match[0]: end-user exact jason',
      '  │ to reviews subset v2: 1 pod of reviews-v2',
      '  │ productpage itself waits 3 s for each of 2 tries: 6 s in all',
      '  │ mutual TLS, reviews takes PERMISSIVE',
      '  └ reviews-v2 → ratings: 200 from v1 after 7 s',
      '      VirtualService bookinfo/ratings http[0]: every call',
      '      to ratings: 1 pod of ratings-v1',
      '      fault: 7 s late for 100 % of these calls (VirtualService',
      '        bookinfo/ratings http[0].fault.delay)',
      '      reviews itself waits 10 s',
      '      mutual TLS, ratings takes PERMISSIVE',
      '▸ jason will see: "Error fetching product reviews", after about 6 s',
    ]);
  });

  it('number the calls and draw nothing for a screen reader', () => {
    const lines = wayLines(way(late), {...looks, width: 100, shape: 'list'});
    expect(lines.join('\n')).not.toMatch(/[├└│▸→]/);
    expect(lines).toContain(
      '2. productpage-v1 calls reviews: no answer after 6 s (productpage waits no longer)',
    );
    expect(lines).toContain('  2.1. reviews-v2 calls ratings: 200 from v1 after 7 s');
  });

  it.each([40, 60, 76])('say the same in colour, at %i columns', width => {
    const plain = wayLines(way(late), {...looks, width});
    const coloured = wayLines(way(late), {...looks, width, paint: createPaint(true)});
    expect(coloured.join('\n')).not.toBe(plain.join('\n'));
    expect(coloured.map(line => stripVTControlCharacters(line))).toEqual(plain);
  });

  it.each([40, 60, 80, 100])('are never wider than %i columns', width => {
    const lines = wayLines(way(late), {...looks, width});
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(width);
  });
});
