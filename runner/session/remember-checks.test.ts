import {expect, it} from 'vitest';
import type {ConditionResult} from '../checks/result.ts';
import type {SessionEvent, View} from './events.ts';
import {rememberChecks} from './remember-checks.ts';
import type {LastCheck} from './workshop-store.ts';

it('keeps what a check of the page saw, and leaves the view as it is', async () => {
  const kept: LastCheck[] = [];
  const shown: SessionEvent[] = [];
  const view: View = {event: event => void shown.push(event), close: async () => {}};
  const store = {writeLastCheck: async (check: LastCheck) => void kept.push(check)};
  const remembering = rememberChecks(view, {store, now: () => 7});
  const rows = [{visitor: 'jason', expected: 'black', stars: [], seen: 'none', good: 0, loads: 1}];
  const wanted = [{visitor: 'jason', signedInAs: 'jason', via: 'productpage' as const, expected: {v2: 1}}];
  const result: ConditionResult = {
    verdict: 'failed',
    label: '',
    expected: '',
    seen: '',
    milliseconds: 1,
    rows,
    wanted,
  };
  const {rows: _, ...other} = result;
  const events: SessionEvent[] = [
    {type: 'check-started', lab: 'route-jason', block: 'a', labels: [], quiet: false},
    {type: 'condition-finished', block: 'a', index: 0, result: other, quiet: false},
    {type: 'condition-finished', block: 'a', index: 1, result, quiet: false},
  ];
  for (const event of events) remembering.view.event(event);
  await remembering.written();
  expect(kept).toEqual([{at: 7, lab: 'route-jason', verdict: 'failed', rows, wanted}]);
  expect(shown).toEqual(events);
});
