import {readdir} from 'node:fs/promises';
import path from 'node:path';
import type {Kube} from '../../engines/kube/kube.ts';
import type {CompletionSources} from '../../session/completion.ts';
import type {App} from '../app.ts';

/** Names for a command line: from the cluster, and from the work folder. Without them it completes less. */
export function sourcesOf(app: App, openKube: () => Promise<Kube>): CompletionSources {
  return {
    async names(resource, namespace) {
      const kube = await openKube();
      const items = await kube.list(resource, namespace === undefined ? {} : {namespace});
      return items.map(item => item.metadata.name);
    },
    async files() {
      const entries = await readdir(app.workFolder, {withFileTypes: true, recursive: true}).catch(() => []);
      return entries
        .filter(entry => entry.isFile() && !entry.name.startsWith('.'))
        .map(entry => path.relative(app.workFolder, path.join(entry.parentPath, entry.name)));
    },
  };
}
