import path from 'node:path';
import type {EngineName} from '../catalog/lab.ts';
import type {ClusterEngine} from '../clusters/port.ts';
import {createSandboxEngine} from '../clusters/sandbox/engine.ts';
import {exitCodes, WorkshopError} from '../errors.ts';
import type {ProcessRunner} from '../processes.ts';
import type {WorkshopStore} from '../session/workshop-store.ts';
import type {Io} from './io.ts';

/** The implementation behind an engine's name. */
export function createEngine(options: {
  name: EngineName;
  io: Io;
  store: WorkshopStore;
  processes: ProcessRunner;
}): ClusterEngine {
  const {name, io, store, processes} = options;
  if (name === 'sandbox') {
    return createSandboxEngine({
      directory: path.join(store.folder, 'sandbox'),
      workshop: store.name,
      nodePath: io.nodePath,
      entry: path.join(io.programFolder, 'sandbox.mjs'),
      env: io.env,
      processes,
    });
  }
  throw new WorkshopError({
    code: 'engine-not-there',
    message: `The engine "${name}" is not built into this version.`,
    remedies: ['Use the built-in sandbox: --engine sandbox'],
    exitCode: exitCodes.usage,
  });
}
