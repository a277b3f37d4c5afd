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

/** Every command of the built-in kubectl. */
export const commands: readonly Command[] = [
  annotate,
  apiResources,
  apiVersions,
  apply,
  auth,
  clusterInfo,
  config,
  create,
  deleteCommand,
  describe,
  diff,
  edit,
  events,
  exec,
  explain,
  expose,
  get,
  label,
  logs,
  patch,
  portForward,
  rollout,
  run,
  scale,
  set,
  top,
  version,
  wait,
];
