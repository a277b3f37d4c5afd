import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {encode} from 'fast-png';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {htmlReport} from './html.ts';
import {auditPage, found} from './testing/audit-page.ts';
import {brokenCommandRun, failedRun, recordOf} from './testing/sample-run.ts';

describe('the page of a report', () => {
  it('has what failed first, with what was expected beside what was seen and the why', () => {
    const page = htmlReport(recordOf(failedRun));
    const order = [
      'What went wrong',
      'Expected',
      'Seen',
      'The rule wants end-user',
      'id="labs"',
      'id="versions"',
    ];
    const places = order.map(text => page.indexOf(text));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(page).toContain('jason red, john none');
    expect(page).toContain('loads repeated right after the failure');
    expect(page).toContain('v1.33.4+istio-workshop');
  });

  it('is text, whatever stands in what it tells', () => {
    const page = htmlReport(recordOf(failedRun));
    expect(page).toContain('Route &lt;jason&gt; &amp; &quot;john&quot;');
    expect(page).not.toContain('<jason>');
    expect(page).not.toMatch(/<script|javascript:| on\w+=|https?:\/\//i);
  });

  it('says of a run that has not come to its end until when it has seen', () => {
    const page = htmlReport(recordOf(brokenCommandRun));
    expect(page).toContain(
      'This run has not come to its end. What stands here is what was seen until 2026-01-01T10',
    );
    expect(page).toContain('could not be checked');
  });
});

const title = found
  ? `the page in ${found.name}`
  : 'the page in a browser (SKIPPED: no chromium-headless-shell, Chrome, Chromium or Edge found)';

describe.skipIf(!found)(title, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'report-page-'));
    mkdirSync(path.join(folder, 'evidence/02-route/s1c3-1'), {recursive: true});
    const png = encode({width: 2, height: 2, data: new Uint8Array(16).fill(200)});
    writeFileSync(path.join(folder, 'evidence/02-route/s1c3-1/jason.png'), png);
  });
  afterAll(() => rmSync(folder, {recursive: true, force: true}));

  it.each([
    ['that failed', failedRun],
    ['that was killed', brokenCommandRun],
    ['of which nothing is known', []],
  ])('of a run %s needs no network and no script, fits, and shuts nobody out', async (_, events) => {
    const file = path.join(folder, 'index.html');
    writeFileSync(file, htmlReport(recordOf(events)));
    const audits = await auditPage(file, [
      {colours: 'light', width: 360, scripts: true},
      {colours: 'dark', width: 1280, scripts: true},
      {colours: 'light', width: 1280, scripts: false},
    ]);
    for (const audit of audits) {
      expect(audit).toMatchObject({complaints: [], missing: [], barriers: []});
      expect(audit.overflow).toBeLessThanOrEqual(0);
      expect(audit.text).toContain('Versions');
    }
  });
});
