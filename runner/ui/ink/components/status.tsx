import {Box, Text} from 'ink';
import type {ReactNode} from 'react';
import {remedyText} from '../../../errors.ts';
import type {FailureReason} from '../../../state/state.ts';
import type {Paint} from '../../paint.ts';
import type {Model} from '../../view-model.ts';
import {atMost, duration} from '../../words.ts';

/** One line: what is being waited for, what went wrong, or what was said last. */
export function Status({model, paint, now}: {model: Model; paint: Paint; now: number}): ReactNode {
  return (
    <Box paddingX={1}>
      <Text wrap="truncate">{statusText(model, paint, now) || ' '}</Text>
    </Box>
  );
}

function statusText(model: Model, paint: Paint, now: number): string {
  const {state, problem, waiting, notes, current} = model;
  // Before what is waited for, whose words may be more than a line takes.
  const bound = model.waitingBound === undefined ? '' : ` (${atMost(model.waitingBound)})`;
  if (state.situation === 'preparing-cluster')
    return paint.waiting(`… ${waiting ?? 'looking for the cluster'}`);
  if (problem) {
    const [remedy] = problem.remedies;
    return `${paint.bad('error:')} ${problem.message} ${paint.quiet(remedy ? `→ ${remedyText(remedy)}` : '')}`;
  }
  if (state.situation !== 'in-step') return notes.at(-1) ?? '';
  const {phase} = state;
  const note = notes.at(-1) ?? '';
  if (phase.name === 'passed') return `${paint.good('✓ step done')}  ${paint.quiet(note)}`.trimEnd();
  if (phase.name === 'resetting') return paint.waiting('… undoing the lab');
  if (phase.name === 'looking') return paint.waiting('… looking at what stands of the lab');
  if (phase.name === 'checking' && phase.asked !== 'noticed') {
    const since = current?.check?.startedAt ?? now;
    const took = now - since >= 1000 ? ` ${duration(now - since)}` : '';
    // A browser that is being fetched says so in a note.
    const what = waiting ?? notes.at(-1);
    return paint.waiting(`… checking${took}${bound}`) + paint.quiet(what ? `  ${what}` : '');
  }
  if (phase.name === 'running' || phase.name === 'own-command')
    return waiting ? paint.quiet(`waiting${bound}: ${waiting}`) : '';
  if (phase.name === 'failed') {
    const sign = phase.reason === 'unknown' ? paint.waiting('?') : paint.bad('✗');
    return `${sign} ${failures[phase.reason]}  ${paint.quiet(note)}`.trimEnd();
  }
  return note;
}

const failures: Readonly<Record<FailureReason, string>> = {
  command: 'the command failed',
  file: 'the file could not be written',
  check: 'not yet as the check wants it',
  unknown: 'it could not be checked',
};
