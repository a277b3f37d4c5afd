import {describe, expect, it} from 'vitest';
import {isSettled} from './proxies-settled.ts';

const taken = {proxy: 'a', cluster_sent: '1', cluster_acked: '1', route_sent: '2', route_acked: '2'};

describe('settled', () => {
  it('is what every proxy has acknowledged, where a kind may never have been sent', () => {
    expect(isSettled([taken, {proxy: 'b', cluster_sent: '7', cluster_acked: '7'}])).toBe(true);
  });

  it('is not what one proxy has yet to acknowledge', () => {
    expect(isSettled([taken, {...taken, route_sent: '3'}])).toBe(false);
    expect(isSettled([taken, {...taken, listener_sent: '1', listener_acked: undefined}])).toBe(false);
  });
});
