import type {ServerResponse} from 'node:http';
import {ApiError} from '../api/errors.ts';
import type {Clock} from '../clock.ts';
import type {Container, Pod} from '../objects.ts';
import {chooseContainer, containerStatus} from './container-choice.ts';
import {badRequest} from './statuses.ts';
import type {StreamTarget} from './upgrade.ts';

/** One line that a container printed. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  at: number;
  text: string;
}

/** Where the kubelet keeps what containers print. */
export interface LogSource {
  /** The lines of the container's present run, or of the one before; nothing when there was no such run. */
  read(pod: Pod, container: string, options: {previous: boolean}): readonly LogLine[] | undefined;
  /** Calls back for every new line, and once when the container has ended. @returns what ends it. */
  follow(pod: Pod, container: string, listener: {line(line: LogLine): void; end(): void}): () => void;
}

interface LogOptions {
  follow: boolean;
  previous: boolean;
  timestamps: boolean;
  tailLines: number | undefined;
  limitBytes: number | undefined;
  /** Milliseconds since the epoch. */
  since: number | undefined;
}

/** A client that takes this much less than the container prints is cut off. */
const mostUnsent = 16 * 1024 * 1024;

/**
 * Serves `log`. @throws ApiError before anything is written: no such container, not started yet, no previous
 * run, or an option out of its range.
 */
export function serveLog(options: {
  response: ServerResponse;
  target: StreamTarget;
  source: LogSource;
  clock: Clock;
}): void {
  const {response, target, source, clock} = options;
  const asked = parseLogOptions(target, clock.now());
  const container = chooseContainer(target.pod, target.query.get('container'));
  const history = target.pod.spec.nodeName ? readHistory(target.pod, container, asked, source) : [];

  response.writeHead(200, {'Content-Type': 'text/plain', 'Cache-Control': 'no-cache, private'});
  let left = asked.limitBytes ?? Number.POSITIVE_INFINITY;
  let stop = () => {};
  const write = (line: LogLine): boolean => {
    const bytes = Buffer.from(`${asked.timestamps ? `${timestamp(line.at)} ` : ''}${line.text}\n`);
    const part = bytes.subarray(0, Math.max(0, Math.min(bytes.length, left)));
    left -= part.length;
    response.write(part);
    return left > 0;
  };
  for (const line of history) if (!write(line)) break;

  const running = containerStatus(target.pod, container.name)?.state.running !== undefined;
  if (!asked.follow || asked.previous || !running || left <= 0) return void response.end();
  response.flushHeaders();
  stop = source.follow(target.pod, container.name, {
    line(line) {
      if (asked.since !== undefined && line.at < asked.since) return;
      if (response.writableLength > mostUnsent) response.destroy();
      else if (!write(line)) {
        stop();
        response.end();
      }
    },
    end: () => void response.end(),
  });
  response.once('close', () => stop());
}

function readHistory(
  pod: Pod,
  container: Container,
  options: LogOptions,
  source: LogSource,
): readonly LogLine[] {
  const {name} = container;
  const status = containerStatus(pod, name);
  const waiting = status?.state.waiting;
  const endedBefore = status?.lastState['terminated'] !== undefined;
  if (options.previous && !endedBefore) {
    throw badRequest(`previous terminated container "${name}" in pod "${pod.metadata.name}" not found`);
  }
  if (!status || (waiting && !endedBefore)) {
    const reason = waiting?.reason ?? 'ContainerCreating';
    const pulls = ['ErrImagePull', 'ImagePullBackOff', 'ErrImageNeverPull'].includes(reason);
    const why = pulls ? 'trying and failing to pull image' : reason;
    throw badRequest(`container "${name}" in pod "${pod.metadata.name}" is waiting to start: ${why}`);
  }
  // Between two runs the last one's output is all there is, as with the kubelet.
  const previous = options.previous || waiting !== undefined;
  const {since, tailLines} = options;
  const lines = (source.read(pod, name, {previous}) ?? []).filter(
    line => since === undefined || line.at >= since,
  );
  if (tailLines === undefined) return lines;
  return tailLines === 0 ? [] : lines.slice(-tailLines);
}

function parseLogOptions({pod, query}: StreamTarget, now: number): LogOptions {
  const flag = (name: string) => ['true', '1'].includes(query.get(name) ?? '');
  const number = (name: string, least: number, words: string): number | undefined => {
    const text = query.get(name);
    if (text === null || text === '') return undefined;
    const value = Number(text);
    if (Number.isInteger(value) && value >= least) return value;
    throw new ApiError(
      422,
      'Invalid',
      `PodLogOptions "${pod.metadata.name}" is invalid: ${name}: Invalid value: ${text}: ${words}`,
      {
        name: pod.metadata.name,
        kind: 'PodLogOptions',
        causes: [{reason: 'FieldValueInvalid', message: `Invalid value: ${text}: ${words}`, field: name}],
      },
    );
  };
  const sinceSeconds = number('sinceSeconds', 1, 'must be greater than 0');
  const sinceTime = query.get('sinceTime');
  return {
    follow: flag('follow'),
    previous: flag('previous'),
    timestamps: flag('timestamps'),
    tailLines: number('tailLines', 0, 'must be greater than or equal to 0'),
    limitBytes: number('limitBytes', 1, 'must be greater than 0'),
    since:
      sinceSeconds !== undefined ? now - sinceSeconds * 1000 : sinceTime ? Date.parse(sinceTime) : undefined,
  };
}

/** RFC 3339 with nine digits, as the container runtime writes it. */
function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '000000Z');
}
