import {stringify} from 'yaml';
import type {KeyPair} from './certificates.ts';

export interface KubeconfigOptions {
  /** `https://127.0.0.1:PORT`. */
  server: string;
  /** PEM of the authority that signed the server's certificate. */
  authority: string;
  /** Also names the cluster and the user. */
  context: string;
  namespace: string;
  client?: KeyPair;
  token?: string;
}

/** The text of a kubeconfig with one context. It holds credentials: write it with mode 0600. */
export function kubeconfigText(options: KubeconfigOptions): string {
  const {context, namespace, client, token} = options;
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: context,
          cluster: {server: options.server, 'certificate-authority-data': base64(options.authority)},
        },
      ],
      users: [
        {
          name: context,
          user: {
            ...(client
              ? {
                  'client-certificate-data': base64(client.certificate),
                  'client-key-data': base64(client.key),
                }
              : {}),
            ...(token === undefined ? {} : {token}),
          },
        },
      ],
      contexts: [{name: context, context: {cluster: context, user: context, namespace}}],
      'current-context': context,
      preferences: {},
    },
    {lineWidth: 0},
  );
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
