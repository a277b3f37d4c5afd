import {describe, expect, it} from 'vitest';
import {type CompletionSources, completeLine} from './completion.ts';

const objects: Record<string, readonly string[]> = {
  'pods default': ['web-1', 'web-2'],
  'virtualservices bookinfo': ['reviews', 'ratings'],
  'virtualservice bookinfo': ['reviews', 'ratings'],
  'namespaces ': ['bookinfo', 'default', 'istio-system'],
  'deployments default': ['web'],
};
const sources: CompletionSources = {
  names: async (resource, namespace) => objects[`${resource} ${namespace ?? ''}`] ?? [],
  files: async () => ['reviews-v2.yaml', 'bookinfo.yaml'],
};

async function complete(text: string, cursor = text.length): Promise<string> {
  const done = await completeLine({text, cursor}, sources);
  return [`${done.text.slice(0, done.cursor)}|${done.text.slice(done.cursor)}`, ...done.candidates].join(
    ' ~ ',
  );
}

describe('completeLine', () => {
  it.each([
    ['a program', 'kub', 'kubectl |'],
    ['a verb', 'kubectl desc', 'kubectl describe |'],
    ['a resource', 'kubectl get virt', 'kubectl get virtualservices |'],
    ['a namespace', 'kubectl get pods -n boo', 'kubectl get pods -n bookinfo |'],
    [
      'a name, in the namespace that is given',
      'kubectl -n bookinfo get virtualservices rev',
      'kubectl -n bookinfo get virtualservices reviews |',
    ],
    [
      'a name behind the namespace',
      'kubectl get virtualservices -n bookinfo rev',
      'kubectl get virtualservices -n bookinfo reviews |',
    ],
    [
      'a name behind its type',
      'kubectl describe -n bookinfo virtualservice/rat',
      'kubectl describe -n bookinfo virtualservice/ratings |',
    ],
    ['a pod to read the log of', 'kubectl logs web-1', 'kubectl logs web-1|'],
    ['a file', 'kubectl apply -n bookinfo -f rev', 'kubectl apply -n bookinfo -f reviews-v2.yaml |'],
    ['an output', 'kubectl get pods -o y', 'kubectl get pods -o yaml |'],
    ['a command behind a pipe', 'kubectl get pods | gr', 'kubectl get pods | grep |'],
    ['what a rollout is of', 'kubectl rollout restart dep', 'kubectl rollout restart deployment/web |'],
    ['nothing that it does not know', 'kubectl frobnicate x', 'kubectl frobnicate x|'],
  ])('completes %s', async (_, typed, wanted) => {
    expect(await complete(typed)).toBe(wanted);
  });

  it('goes as far as all candidates agree, and names them', async () => {
    expect(await complete('kubectl logs w')).toBe('kubectl logs web-| ~ web-1 ~ web-2');
  });

  it('completes at the cursor and keeps what follows', async () => {
    expect(await complete('kubectl des pods', 11)).toBe('kubectl describe | pods');
  });
});
