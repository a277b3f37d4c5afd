import {describe, expect, it} from 'vitest';
import {WorkshopError} from '../errors.ts';
import {redacted} from '../redact.ts';
import {planted} from '../testing/planted-secrets.ts';
import type {SessionEvent} from './events.ts';
import {redactingView} from './redacting-view.ts';

function told(events: readonly SessionEvent[]): readonly SessionEvent[] {
  const seen: SessionEvent[] = [];
  const view = redactingView({event: event => void seen.push(event), close: async () => {}});
  for (const event of events) view.event(event);
  return seen;
}

const started = (text: string): SessionEvent => ({
  type: 'command-started',
  lab: 'x',
  block: 'b',
  text,
  background: false,
});
const finished: SessionEvent = {
  type: 'command-finished',
  block: 'b',
  exitCode: 0,
  wanted: 0,
  ok: true,
  background: false,
  timedOut: false,
  cancelled: false,
  milliseconds: 1,
};
const output = (text: string): SessionEvent => ({type: 'command-output', block: 'b', text, stream: 'stdout'});

function printed(events: readonly SessionEvent[]): string {
  return events.map(event => (event.type === 'command-output' ? event.text : '')).join('');
}

describe('what a command prints', () => {
  it.each(planted.map(each => [each.what, each] as const))(
    'tells nothing of %s, wherever its output is cut into pieces',
    (_, {text, secrets}) => {
      const whole = `first line\n${text}\nlast line\n`;
      for (let cut = 0; cut <= whole.length; cut += 3) {
        const events = told([
          started('cat'),
          output(whole.slice(0, cut)),
          output(whole.slice(cut)),
          finished,
        ]);
        const said = JSON.stringify(events);
        for (const secret of secrets) expect(said).not.toContain(secret);
        expect(printed(events)).toContain('first line\n');
      }
    },
  );

  it('goes on line by line where there is nothing to hide', () => {
    const events = told([started('ls'), output('one\ntw'), output('o\nthree')]);
    expect(printed(events)).toBe('one\ntwo\n');
    expect(printed(told([started('ls'), output('one\ntw'), output('o\nthree'), finished]))).toBe(
      'one\ntwo\nthree',
    );
  });

  it('is not told at all where a command prints credentials as they are', () => {
    const events = told([started('kubectl get secret db -o jsonpath={.data.p}'), output('cGxh'), finished]);
    expect(printed(events)).toBe(`${redacted}\n`);
    expect(
      printed(
        told([started('kubectl config view --raw'), output('a'), finished, started('ls'), output('b\n')]),
      ),
    ).toBe(`${redacted}\nb\n`);
  });

  it('is held back for no longer than there is room', () => {
    const long = `data:\n${'x'.repeat(300 * 1024)}`;
    expect(printed(told([started('cat'), output(long)])).length).toBeGreaterThan(300 * 1024);
  });
});

describe('every other event', () => {
  it('is told without secrets: commands, problems, causes, errors', () => {
    const secret = 'Authorization: Bearer planted-bearer-0123';
    const error = new WorkshopError({code: 'x', message: secret, detail: secret, remedies: [secret]});
    const events = told([
      started(`curl -H "${secret}" http://x`),
      {...(finished as SessionEvent & {type: 'command-finished'}), ok: false, problem: secret},
      {type: 'problem', error},
      {type: 'note', text: secret},
    ]);
    const said = JSON.stringify(
      events.map(event => (event.type === 'problem' ? {...event.error, m: event.error.message} : event)),
    );
    expect(said).not.toContain('planted-bearer-0123');
    expect(said).toContain(redacted);
  });
});
