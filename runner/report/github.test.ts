import {describe, expect, it} from 'vitest';
import type {SessionEvent} from '../session/events.ts';
import {githubAnnotations} from './github.ts';
import {brokenCommandRun, failedRun, failedStars, recordOf} from './testing/sample-run.ts';

const always = () => true;

describe('the annotations of a job on GitHub', () => {
  it('tell of each condition that did not pass what was expected, what was seen and why', () => {
    expect(githubAnnotations(recordOf(failedRun), always)).toEqual([
      '::error file=labs/02-route/lab.md,line=31,title=02 Route <jason> & "john"%3A stars jason black%2C john none::' +
        'Expected: jason black, john none%0ASeen: jason red, john none%0A' +
        'Why: The rule wants end-user to be "Jason".%0A' +
        'Fix: spec.http[0].match[0].headers.end-user.exact: "Jason" -> "jason"%0A' +
        '$ kubectl edit virtualservice reviews -n bookinfo',
      '::error file=labs/02-route/lab.md,line=34,title=02 Route <jason> & "john"%3A virtualservice/reviews::' +
        'Expected: to be seen%0ASeen: The cluster answered: no.%0ALook at it: istio-workshop cluster up',
    ]);
  });

  it('name no file that the repository does not have', () => {
    for (const line of githubAnnotations(recordOf(failedRun), () => false))
      expect(line).toMatch(/^::error title=/);
  });

  it('tell of a command that failed', () => {
    const [line] = githubAnnotations(recordOf(brokenCommandRun), always);
    expect(line).toContain(
      '$ echo s1c1%0Aroute.yaml, line 11, VirtualService reviews, spec.http: it is missing.',
    );
  });

  it('are none of a run that is green', () => {
    expect(githubAnnotations(recordOf(brokenCommandRun.slice(0, 11)), always)).toEqual([]);
  });

  it('let no text of others be a command of its own', () => {
    const spoken = failedRun.map(
      (event): SessionEvent =>
        event.type === 'condition-finished' && event.index === 0
          ? {...event, result: {...failedStars, seen: 'red\r\n::set-output name=a::b 100%'}}
          : event,
    );
    for (const line of githubAnnotations(recordOf(spoken), always)) expect(line).not.toMatch(/[\r\n]/);
    expect(githubAnnotations(recordOf(spoken), always)[0]).toContain('100%25');
  });

  it('are at most ten, and say how many more there are', () => {
    const {labs, ...record} = recordOf(failedRun);
    const many = {...record, labs: Array.from({length: 8}, () => labs).flat()};
    const lines = githubAnnotations(many, always);
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('::error title=istio-workshop::7 more are in the report.');
  });
});
