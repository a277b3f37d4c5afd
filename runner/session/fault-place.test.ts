import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {Diagnosis} from '../checks/result.ts';
import {command, lab} from '../testing/sample-labs.ts';
import {withPlaces} from './fault-place.ts';

let workFolder: string;
beforeEach(() => {
  workFolder = mkdtempSync(path.join(tmpdir(), 'fault-place-'));
});
afterEach(() => rmSync(workFolder, {recursive: true, force: true}));

const route = `apiVersion: v1
kind: Service
metadata:
  name: reviews
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: reviews
spec:
  hosts: [reviews]
  http:
  - match:
    - headers:
        end-user:
          exact: Jason
`;

async function placeOf(cause: Partial<Diagnosis>, ...texts: readonly string[]): Promise<unknown> {
  const blocks = texts.map((text, index) => command(`s1c${index}`, {text}));
  const [placed] = await withPlaces([{code: 'x', sentence: 'X.', ...cause}], {
    lab: lab('first', 1, {steps: [{title: '', blocks}]}),
    workFolder,
  });
  return placed?.place;
}

describe('the place of a cause', () => {
  const object = 'VirtualService bookinfo/reviews';
  const fix = 'spec.http[0].match[0].headers.end-user.exact: "Jason" -> "jason"';
  const apply = 'kubectl apply -n bookinfo -f route.yaml';

  it('is the line of the field in the file that was applied', async () => {
    writeFileSync(path.join(workFolder, 'route.yaml'), route);
    expect(await placeOf({object, fix}, apply)).toEqual({file: 'route.yaml', line: 16});
    // Of a field that is not there, the nearest that is; without one, the object itself.
    expect(await placeOf({object, fix: 'spec.http[0].route: add one'}, apply)).toEqual({
      file: 'route.yaml',
      line: 13,
    });
    expect(await placeOf({object}, apply)).toEqual({file: 'route.yaml', line: 8});
  });

  it('is in the file that was applied last', async () => {
    writeFileSync(path.join(workFolder, 'old.yaml'), route);
    writeFileSync(path.join(workFolder, 'route.yaml'), `# newer\n${route}`);
    const applied = await placeOf({object, fix}, 'kubectl apply -f old.yaml', apply);
    expect(applied).toEqual({file: 'route.yaml', line: 17});
  });

  it('is unknown for what stands in no file', async () => {
    writeFileSync(path.join(workFolder, 'route.yaml'), route);
    expect(await placeOf({object: 'DestinationRule bookinfo/reviews', fix}, apply)).toBeUndefined();
    expect(await placeOf({fix}, apply)).toBeUndefined();
    expect(await placeOf({object, fix}, 'kubectl apply -f missing.yaml')).toBeUndefined();
  });
});
