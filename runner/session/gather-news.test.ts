import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest';
import type {SessionEvent} from './events.ts';
import {gatherNews} from './gather-news.ts';

const output = (text: string, block = 'a', stream: 'stdout' | 'stderr' = 'stdout'): SessionEvent => ({
  type: 'command-output',
  block,
  text,
  stream,
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function gathered(limit = 1000) {
  const told: SessionEvent[] = [];
  const view = gatherNews(
    {event: event => void told.push(event), close: async () => {}},
    {interval: 40, limit},
  );
  return {told, view};
}

describe('gatherNews', () => {
  it('tells what comes within an interval at once', () => {
    const {told, view} = gathered();
    for (const text of ['1\n', '2\n', '3\n']) view.event(output(text));
    expect(told).toEqual([]);
    vi.advanceTimersByTime(40);
    expect(told).toEqual([output('1\n2\n3\n')]);
    view.event(output('4\n'));
    vi.advanceTimersByTime(40);
    expect(told).toEqual([output('1\n2\n3\n'), output('4\n')]);
  });

  it('keeps the order: before another event, another block and another stream', () => {
    const {told, view} = gathered();
    const note: SessionEvent = {type: 'note', text: 'after'};
    const events = [output('1'), output('2', 'b'), output('3', 'b', 'stderr'), note, output('4')];
    for (const event of events) view.event(event);
    vi.advanceTimersByTime(40);
    expect(told).toEqual(events);
  });

  it('tells of a condition the latest, and of another one apart', () => {
    const {told, view} = gathered();
    const progress = (index: number, seen: string): SessionEvent => ({
      type: 'condition-progress',
      block: 'a',
      index,
      seen,
    });
    const events = [
      progress(0, '1 load'),
      progress(0, '2 loads'),
      progress(1, '1 load'),
      output('x'),
      progress(1, '2 loads'),
    ];
    for (const event of events) view.event(event);
    vi.advanceTimersByTime(40);
    expect(told).toEqual(events.slice(1));
  });

  it('never holds more than twice the limit, and keeps the end', () => {
    const {told, view} = gathered(10);
    for (let line = 0; line < 1000; line += 1) view.event(output(`${line}\n`));
    vi.advanceTimersByTime(40);
    const [event] = told;
    const text = event?.type === 'command-output' ? event.text : '';
    expect(text.length).toBeLessThanOrEqual(20);
    expect(text.endsWith('998\n999\n')).toBe(true);
  });

  it('tells the rest when it is closed', async () => {
    const {told, view} = gathered();
    view.event(output('last'));
    await view.close();
    expect(told).toEqual([output('last')]);
  });
});
