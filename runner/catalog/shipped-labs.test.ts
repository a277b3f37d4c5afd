import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {parseAllDocuments} from 'yaml';
import {lintLabs, loadLabs} from './catalog.ts';
import {formatProblem} from './problem.ts';

const directory = fileURLToPath(new URL('../../labs', import.meta.url));
const samples = fileURLToPath(
  new URL('../../../shared/fixtures/istio-1.30.3/samples/bookinfo', import.meta.url),
);

interface Manifest {
  kind: string;
  metadata: {name: string};
  spec?: {subsets?: {name: string}[]};
}

function documents(yaml: string): readonly Manifest[] {
  const byName = (a: Manifest, b: Manifest) =>
    `${a.kind}/${a.metadata.name}`.localeCompare(`${b.kind}/${b.metadata.name}`, 'en');
  return parseAllDocuments(yaml)
    .map(document => document.toJS() as Manifest | null)
    .filter(document => document !== null)
    .sort(byName);
}

async function shipped(lab: string, name: string): Promise<readonly Manifest[]> {
  const found = (await loadLabs(directory)).find(({id}) => id === lab);
  return documents(found?.manifests.find(manifest => manifest.name === name)?.content ?? '');
}

describe('the labs that come with the workshop', () => {
  it('have no problem', async () => {
    expect((await lintLabs(directory)).map(formatProblem)).toEqual([]);
  });

  it('fit a window of 80 columns', async () => {
    const labs = await loadLabs(directory);
    for (const lab of labs) {
      const blocks = [...lab.introduction, ...lab.steps.flatMap(step => step.blocks)];
      const prose = blocks.flatMap(block => ('markdown' in block ? block.markdown.split('\n') : []));
      expect(prose.filter(line => line.length > 80)).toEqual([]);
    }
  });
});

describe.skipIf(!existsSync(samples))("beside Istio's own sample", () => {
  const sample = async (path: string) => documents(await readFile(`${samples}/${path}`, 'utf8'));

  it('Bookinfo has the same objects', async () => {
    expect(await shipped('deploy-bookinfo', 'bookinfo.yaml')).toEqual(
      await sample('platform/kube/bookinfo.yaml'),
    );
  });

  it('the routes to v1 are the same', async () => {
    expect(await shipped('route-to-v1', 'virtual-service-all-v1.yaml')).toEqual(
      await sample('networking/virtual-service-all-v1.yaml'),
    );
  });

  it('the DestinationRules are the same, less the subsets that have no pods', async () => {
    const theirs = (await sample('networking/destination-rule-all.yaml')).map(rule => ({
      ...rule,
      spec: {
        ...rule.spec,
        subsets: rule.spec?.subsets?.filter(({name}) => rule.metadata.name === 'reviews' || name === 'v1'),
      },
    }));
    expect(await shipped('route-to-v1', 'destination-rule-all.yaml')).toEqual(theirs);
  });
});
