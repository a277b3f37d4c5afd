import type {ServerResponse} from 'node:http';
import {messageOf} from '../../errors.ts';
import {ApiError} from '../api/errors.ts';
import type {Clock} from '../clock.ts';
import {type Attach, type Exec, serveAttach, serveExec} from './exec.ts';
import {type LogSource, serveLog} from './logs.ts';
import type {DialPod} from './pod-connection.ts';
import {servePortForward} from './port-forward.ts';
import {internalError} from './statuses.ts';
import {refuseUpgrade, type StreamTarget, type Upgrade} from './upgrade.ts';

export interface PodStreamsOptions {
  exec: Exec;
  attach: Attach;
  dial: DialPod;
  logs: LogSource;
  clock: Clock;
}

/** The subresources of pods that are streams; the API server finds the pod and asks these to serve it. */
export interface PodStreams {
  /** Answers `exec`, `attach` or `portforward`, also where it has to refuse. Resolves when it is over. */
  upgrade(subresource: string, upgrade: Upgrade, target: StreamTarget): Promise<void>;
  /** Answers `log`. @throws ApiError that becomes the answer. */
  log(response: ServerResponse, target: StreamTarget): void;
}

/** Puts the streams of pods together over what runs the pods. */
export function createPodStreams(options: PodStreamsOptions): PodStreams {
  const serve = (subresource: string, upgrade: Upgrade, target: StreamTarget): Promise<void> => {
    switch (subresource) {
      case 'exec':
        return serveExec(upgrade, target, options);
      case 'attach':
        return serveAttach(upgrade, target, options);
      case 'portforward':
        return servePortForward(upgrade, target, options.dial);
      default:
        throw new ApiError(404, 'NotFound', 'the server could not find the requested resource');
    }
  };
  return {
    async upgrade(subresource, upgrade, target) {
      upgrade.socket.on('error', () => {});
      try {
        await serve(subresource, upgrade, target);
      } catch (error) {
        const {status} = error instanceof ApiError ? error : internalError(messageOf(error));
        refuseUpgrade(upgrade.socket, status);
      }
    },
    log: (response, target) => serveLog({response, target, source: options.logs, clock: options.clock}),
  };
}
