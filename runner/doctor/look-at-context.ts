import {kubeconfigFiles, minifyKubeconfig} from '../engines/context/kubeconfig.ts';
import {missingRights} from '../engines/context/rights.ts';
import {findIstio, requireSupported} from '../engines/istio/find-istio.ts';
import {openKubeText} from '../engines/kube/kube.ts';
import type {ClusterSettings} from '../engines/settings.ts';
import {isOlder} from '../engines/tools.ts';
import {messageOf, remedyText, WorkshopError} from '../errors.ts';
import type {Finding} from './finding.ts';

const oldestServer = '1.29.0';

/**
 * The cluster of a kubeconfig context: whether it answers, what runs in it, and what we may do there.
 * @returns with the findings whether an Istio runs in it, which the labs then use as it is.
 */
export async function lookAtContext(options: {
  settings: ClusterSettings;
  env: Readonly<Record<string, string>>;
  home: string;
}): Promise<{findings: readonly Finding[]; hasIstio: boolean}> {
  const {settings, env, home} = options;
  try {
    const files = kubeconfigFiles({given: settings.kubeconfig, env, home});
    const context = minifyKubeconfig(files, settings.context);
    const kube = await openKubeText(context.text);
    const version = await kube.version();
    const old = isOlder(version.replace(/^v/, ''), oldestServer);
    const cluster: Finding = {
      name: 'context',
      status: old ? 'missing' : 'ok',
      found: `${context.name} at ${context.server}, Kubernetes ${version}`,
      wanted: `${oldestServer} or later`,
      ...(old ? {fix: 'Choose a newer cluster: --context NAME'} : {}),
    };
    const istio = await findIstio(kube);
    const missing = await missingRights(kube, {installing: !istio});
    const rights: readonly Finding[] =
      missing.length === 0
        ? [{name: 'rights', status: 'ok', found: 'all that the labs need'}]
        : missing.map(right => ({
            name: 'rights',
            status: 'missing',
            found: `may not ${right}`,
            fix: "Ask the cluster's administrator for it",
          }));
    return {findings: [cluster, istioFinding(istio), ...rights], hasIstio: istio !== undefined};
  } catch (error) {
    const fix = error instanceof WorkshopError ? error.remedies[0] : undefined;
    const detail = error instanceof WorkshopError ? error.detail : undefined;
    const found = [messageOf(error), detail].filter(Boolean).join(' ');
    return {
      findings: [{name: 'context', status: 'missing', found, ...(fix ? {fix: remedyText(fix)} : {})}],
      hasIstio: false,
    };
  }
}

function istioFinding(istio: Awaited<ReturnType<typeof findIstio>>): Finding {
  if (!istio) return {name: 'istio', status: 'ok', found: 'none yet: lab 2 installs it'};
  const found = `${istio.version ?? 'unknown version'} in ${istio.namespace}; it is used as it is, and stays`;
  try {
    requireSupported(istio);
    return {name: 'istio', status: 'ok', found};
  } catch (error) {
    return {
      name: 'istio',
      status: 'missing',
      found: messageOf(error),
      fix: 'Choose another cluster: --context NAME',
    };
  }
}
