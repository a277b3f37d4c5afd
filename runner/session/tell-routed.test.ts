import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import type {SessionEvent, View} from './events.ts';
import {tellRouted} from './tell-routed.ts';
import {openWorkshopStore} from './workshop-store.ts';

const checked: SessionEvent = {
  ...{
    type: 'check-finished',
    lab: 'route-to-v2',
    block: 'a',
    verdict: 'passed',
    milliseconds: 9,
    quiet: false,
  },
};
const routed: SessionEvent = {type: 'routed', block: 'b', milliseconds: 40, proxies: 7};

it('tells with each check how long the last change took, also in the next session', async () => {
  const stateFolder = mkdtempSync(path.join(tmpdir(), 'iw-routed-'));
  onTestFinished(() => rmSync(stateFolder, {recursive: true, force: true}));
  const session = async (events: readonly SessionEvent[], now: number): Promise<readonly SessionEvent[]> => {
    const shown: SessionEvent[] = [];
    const view: View = {event: event => void shown.push(event), close: async () => {}};
    const store = await openWorkshopStore({stateFolder, name: 'default'});
    const telling = tellRouted(view, {store, now: () => now});
    await telling.written();
    for (const event of events) telling.view.event(event);
    await telling.written();
    return shown;
  };
  expect(await session([checked], 1)).toEqual([checked]);
  const told = {...checked, routed: {milliseconds: 40, proxies: 7, at: 2}};
  expect(await session([routed, checked], 2)).toEqual([routed, told]);
  expect(await session([checked, {...checked, quiet: true}], 3)).toEqual([told, {...checked, quiet: true}]);
});
