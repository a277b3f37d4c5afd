import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync} from 'node:fs';
import https from 'node:https';
import {createInterface} from 'node:readline';
import {parse} from 'yaml';
import {median, rounded} from './measure.mjs';

/** One request to the API of a kubeconfig's cluster. */
function apiCaller(kubeconfig) {
  const {clusters, users} = parse(readFileSync(kubeconfig, 'utf8'));
  const {cluster} = clusters[0];
  const {user} = users[0];
  const bytes = text => Buffer.from(text, 'base64');
  const agent = new https.Agent({
    keepAlive: true,
    ca: bytes(cluster['certificate-authority-data']),
    cert: bytes(user['client-certificate-data']),
    key: bytes(user['client-key-data']),
  });
  return async (method, path, body) => {
    const headers = {'content-type': 'application/merge-patch+json'};
    const request = https.request(new URL(path, cluster.server), {method, agent, headers});
    request.end(JSON.stringify(body));
    const [response] = await once(request, 'response');
    response.resume();
    await once(response, 'end');
    if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${response.statusCode}`);
  };
}

const route = '/apis/networking.istio.io/v1/namespaces/bookinfo/virtualservices/reviews';

/**
 * How long after the API has answered a changed route the first request goes the new way, in milliseconds. Asks
 * through the productpage, so each look takes as long as a request between two services does.
 */
export async function applyToRouted({kubeconfig, kubectl, env, times}) {
  const forward = spawn(kubectl, ['port-forward', '-n', 'bookinfo', 'svc/productpage', ':9080'], {
    env: {...env, KUBECONFIG: kubeconfig},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let port;
    for await (const line of createInterface({input: forward.stdout})) {
      port = /127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port) break;
    }
    forward.stdout.resume();
    const call = apiCaller(kubeconfig);
    const answeredBy = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/api/v1/products/0/reviews`);
      return /reviews-(v\d)/.exec(await response.text())?.[1];
    };
    const milliseconds = [];
    for (let count = 0; count < times; count += 1) {
      const subset = count % 2 === 0 ? 'v1' : 'v2';
      await call('PATCH', route, {spec: {http: [{route: [{destination: {host: 'reviews', subset}}]}]}});
      const appliedAt = performance.now();
      for (let looks = 0; (await answeredBy()) !== subset; looks += 1) {
        if (looks > 500) throw new Error(`The route to ${subset} was never taken.`);
      }
      milliseconds.push(performance.now() - appliedAt);
    }
    return rounded(median(milliseconds), 1);
  } finally {
    forward.kill();
  }
}
