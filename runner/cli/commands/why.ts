import {requestOf} from '../../checks/diagnose.ts';
import {readMesh} from '../../checks/mesh-snapshot.ts';
import {openKube} from '../../engines/kube/kube.ts';
import {KubeError} from '../../engines/kube/rest.ts';
import {type ExitCode, exitCodes, WorkshopError} from '../../errors.ts';
import {objectName} from '../../istio/causes/cause.ts';
import {sceneOf} from '../../istio/causes/hop.ts';
import {hasSidecar, predict} from '../../istio/causes/predict.ts';
import {jsonLine} from '../../ui/json/json-line.ts';
import {openApp} from '../app.ts';
import type {Io} from '../io.ts';
import type {GlobalOptions} from '../options.ts';
import {say} from '../say.ts';

/** `why [--as V]`: who answers this visitor's request to reviews, and which rule of which object decides it. */
export async function why(io: Io, options: GlobalOptions & {as?: string}): Promise<ExitCode> {
  const app = await openApp(io, options);
  await app.engine.verify?.();
  const kube = await openKube((await app.engine.connect()).kubeconfig);
  const {snapshot} = await readMesh(kube).catch(refuse);
  const visitor = options.as ?? 'anonymous';
  const asked = {...requestOf(visitor), expected: {}};
  const hop = {
    caller: {namespace: 'bookinfo', labels: {app: 'productpage'}},
    host: 'reviews',
    port: 9080,
    requests: [asked],
  };
  const scene = sceneOf({snapshot, hops: [hop]}, hop, snapshot);
  if (scene.callers.length === 0) {
    throw new WorkshopError({
      code: 'no-productpage',
      message: 'No productpage pod runs in the namespace bookinfo, so nobody asks reviews.',
      remedies: [{say: 'Deploy Bookinfo', command: 'run 03'}],
    });
  }
  const prediction = predict(scene, asked);
  const route = prediction.route;
  const data = {
    visitor,
    sidecar: hasSidecar(scene),
    decidedBy: route?.origin ?? null,
    versions: prediction.versions,
    failed: prediction.failed,
  };
  if (options.json) {
    io.stdout.write(`${jsonLine(data)}\n`);
    return exitCodes.passed;
  }
  const lines = [
    `${visitor} asks the productpage, which asks reviews${visitor === 'anonymous' ? '' : ` with the header end-user: ${visitor}`}.`,
  ];
  if (!data.sidecar) {
    lines.push(
      'The productpage pod has no sidecar, so no route of Istio applies: the Service picks any pod of reviews.',
    );
  } else if (route?.origin) {
    const {virtualService, rule, match} = route.origin;
    const place = `spec.http[${rule}]${match === undefined ? '' : `.match[${match}]`}`;
    lines.push(`Decided by ${objectName(virtualService)}, ${place}.`);
  } else {
    lines.push('No VirtualService is for reviews: the sidecar spreads the requests over all its pods.');
  }
  const answers = Object.entries(prediction.versions).filter(([, share]) => share > 0);
  for (const [version, share] of answers) lines.push(`  ${Math.round(share * 100)} %  reviews ${version}`);
  if (prediction.failed > 0)
    lines.push(`  ${Math.round(prediction.failed * 100)} %  answered by no pod (an error)`);
  say(io.stdout, lines.join('\n'));
  return exitCodes.passed;
}

/** What decides can't be told from a part of it. */
function refuse(error: unknown): never {
  if (!(error instanceof KubeError)) throw error;
  throw new WorkshopError({
    code: 'forbidden',
    message: 'The cluster does not show what decides.',
    detail: error.message,
    remedies: ['Ask whoever runs the cluster for the right that is named'],
    cause: error,
  });
}
