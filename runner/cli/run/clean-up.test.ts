import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import type {SessionEvent} from '../../session/events.ts';
import type {App} from '../app.ts';
import {beginCleanUp} from './clean-up.ts';

async function finished(dispose: (folder: string) => void) {
  const privateFolder = mkdtempSync(path.join(tmpdir(), 'clean-up-'));
  onTestFinished(() => rmSync(privateFolder, {recursive: true, force: true}));
  const events: SessionEvent[] = [];
  const view = {event: (event: SessionEvent) => void events.push(event), close: async () => {}};
  const app: Pick<App, 'engine' | 'dispose' | 'privateFolder'> = {
    engine: {
      capabilities: {ownsCluster: true},
      connect: async () => ({kubeconfig: path.join(privateFolder, 'none'), env: {}}),
    } as Pick<App['engine'], 'capabilities' | 'connect'> as App['engine'],
    dispose: async () => dispose(privateFolder),
    privateFolder,
  };
  const isClean = await (await beginCleanUp(app as App, view)).finish();
  const left = events.flatMap(event => (event.type === 'cleanup-finished' ? event.left : []));
  return {isClean, left, privateFolder};
}

it('is clean once nothing of the run is left', async () => {
  const {isClean, left} = await finished(folder => rmSync(folder, {recursive: true}));
  expect({isClean, left}).toEqual({isClean: true, left: []});
});

it('names what stays', async () => {
  const {isClean, left, privateFolder} = await finished(() => {});
  expect({isClean, left}).toEqual({isClean: false, left: [`the folder ${privateFolder}`]});
});

it('names what could not be removed', async () => {
  const {isClean, left} = await finished(folder => {
    rmSync(folder, {recursive: true});
    throw new Error('it is in use');
  });
  expect({isClean, left}).toEqual({isClean: false, left: ['what could not be removed: it is in use']});
});
