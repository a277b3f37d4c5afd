import {apply} from './apply.ts';
import {patch, scale, set} from './change.ts';
import {apiResources, apiVersions, auth, clusterInfo, events, top} from './cluster.ts';
import type {Command} from './command.ts';
import {config} from './config.ts';
import {create} from './create.ts';
import {deleteCommand} from './delete.ts';
import {describe} from './describe/describe.ts';
import {diff} from './diff.ts';
import {edit} from './edit.ts';
import {exec} from './exec.ts';
import {explain} from './explain.ts';
import {get} from './get.ts';
import {annotate, label} from './label.ts';
import {logs} from './logs.ts';
import {expose, run} from './make.ts';
import {portForward} from './port-forward.ts';
import {rollout} from './rollout.ts';
import {version} from './version.ts';
import {wait} from './wait.ts';

/** Every command of the built-in kubectl, in the order in which the real one suggests them. */
export const commands: readonly Command[] = [
  create,
  expose,
  run,
  set,
  explain,
  get,
  edit,
  deleteCommand,
  rollout,
  scale,
  clusterInfo,
  top,
  describe,
  logs,
  exec,
  portForward,
  auth,
  events,
  diff,
  apply,
  patch,
  wait,
  label,
  annotate,
  config,
  version,
  apiVersions,
  apiResources,
];
