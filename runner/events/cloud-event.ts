import type {Verdict} from '../checks/result.ts';
import {redactData} from '../redact.ts';
import type {SessionEvent} from '../session/events.ts';

/** One change of a run as other systems take it: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md */
export interface CloudEvent {
  specversion: '1.0';
  /** The same when it is sent again. */
  id: string;
  source: string;
  type: string;
  /** The lab, or a condition of it: `route-to-v2`, `route-to-v2/s1c2/0`. */
  subject?: string;
  time: string;
  datacontenttype: 'application/json';
  /** Orders the events of a run: https://github.com/cloudevents/spec/blob/main/cloudevents/extensions/sequence.md */
  sequence: string;
  data: object;
}

export interface CloudEventsOptions {
  /** Tells this run from all others. */
  run: string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/**
 * Makes the events of a run of what happens in it: one for each change of the workshop, a lab, a step, a condition. They
 * hold what is needed to follow the run, no output of commands, and no secret.
 */
export function createCloudEvents({
  run,
  now,
}: CloudEventsOptions): (event: SessionEvent) => readonly CloudEvent[] {
  let number = 0;
  let workshop = '';
  let lab: {id: string; number: number; title: string} | undefined;
  let labSince = 0;
  let verdict: Verdict = 'passed';
  let step: {number: number; title: string} | undefined;
  const counts: Record<Verdict, number> = {passed: 0, failed: 0, unknown: 0};

  function made(type: string, data: object, subject?: string): CloudEvent {
    number += 1;
    return redactData({
      specversion: '1.0' as const,
      id: `${run}-${number}`,
      source: `/istio-workshop/${encodeURIComponent(workshop)}`,
      type: `istio-workshop.${type}`,
      ...(subject ? {subject} : {}),
      time: new Date(now()).toISOString(),
      datacontenttype: 'application/json' as const,
      sequence: String(number).padStart(10, '0'),
      data: {run, workshop, ...data},
    });
  }

  function labOver(told: Verdict): readonly CloudEvent[] {
    if (!lab) return [];
    const {id} = lab;
    const over = made('lab.finished', {lab, verdict: told, milliseconds: now() - labSince}, id);
    lab = undefined;
    return [over];
  }

  return event => {
    switch (event.type) {
      case 'session-started':
        workshop = event.workshop;
        return [made('run.started', {engine: event.engine, simulated: event.simulated, labs: event.labs})];
      case 'lab-started': {
        const before = labOver(verdict === 'passed' ? 'unknown' : verdict);
        lab = {id: event.lab.id, number: event.lab.number, title: event.lab.title};
        labSince = now();
        verdict = 'passed';
        step = undefined;
        return [...before, made('lab.started', {lab}, lab.id)];
      }
      case 'step-started':
        step = {number: event.step + 1, title: event.lab.steps[event.step]?.title ?? ''};
        return [made('step.started', {lab, step}, event.lab.id)];
      case 'command-finished':
        if (!event.ok) verdict = 'failed';
        return [];
      case 'condition-finished': {
        if (event.quiet) return [];
        const {result, block, index} = event;
        counts[result.verdict] += 1;
        const {label, expected, seen, milliseconds} = result;
        const why = result.why?.[0];
        return [
          made(
            'condition.finished',
            {
              lab,
              step,
              condition: label,
              verdict: result.verdict,
              expected,
              seen,
              milliseconds: Math.round(milliseconds),
              ...(why ? {cause: {code: why.code, sentence: why.sentence}} : {}),
            },
            `${lab?.id ?? ''}/${block}/${index}`,
          ),
        ];
      }
      case 'check-finished':
        if (!event.quiet && verdict !== 'failed' && event.verdict !== 'passed') verdict = event.verdict;
        return [];
      case 'lab-passed':
        return labOver('passed');
      case 'problem':
        return [made('run.problem', {code: event.error.code, message: event.error.message})];
      case 'cleanup-finished':
        return [made('cleanup.finished', {left: event.left})];
      case 'session-finished': {
        const own = event.labs.find(({lab: id}) => id === lab?.id)?.verdict;
        return [
          ...labOver(own === undefined || own === 'not-run' ? 'unknown' : own),
          made('run.finished', {
            outcome: event.outcome,
            conditions: {...counts},
            labs: event.labs,
            milliseconds: event.milliseconds,
          }),
        ];
      }
      default:
        return [];
    }
  };
}
