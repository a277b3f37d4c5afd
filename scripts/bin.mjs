#!/usr/bin/env node
/** Where the installed package begins. It imports nothing that could fail to load on an old Node. */
import fs from 'node:fs';
import {requireNode} from './set-up.mjs';

requireNode();
process.env.ISTIO_WORKSHOP_COMMAND ||= startedBy(process.env);
await import('./main.mjs');

/** What people type to start this program once more, so that what the screens tell them to type works. */
function startedBy(env) {
  // In a workshop's own shell PATH leads to it, however the app was started.
  if (env.npm_lifecycle_event !== 'npx' || env.ISTIO_WORKSHOP) return 'istio-workshop';
  return `npx ${packageOf(new URL('../../../package.json', import.meta.url))}`;
}

/** npx keeps what it was asked for, a name or a file, beside what it installed. */
function packageOf(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))._npx.packages[0];
  } catch {
    return 'istio-workshop';
  }
}
