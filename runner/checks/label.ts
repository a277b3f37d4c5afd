import type {Condition} from '../catalog/lab.ts';
import {wantedText} from './wanted.ts';

/** What a condition is about, before it is looked at: `stars black for every visitor`. */
export function labelOf(condition: Condition): string {
  switch (condition.kind) {
    case 'stars':
      return `stars ${wantedText(condition.wanted)}${condition.via === 'gateway' ? ' through the gateway' : ''}`;
    case 'resource':
      return `${condition.resource}/${condition.name}`;
    case 'absent':
      return `no ${condition.resource}/${condition.name}`;
    case 'ready':
      return `${condition.workloads.join(', ')} ready`;
    case 'crds':
      return `CRDs of ${condition.group}`;
    case 'release':
      return `release ${condition.name}`;
    case 'page':
      return `page ${condition.path} as ${condition.visitor}`;
    case 'request':
      return `${condition.url} from ${condition.from}`;
    case 'log':
      return `log of ${condition.workload}`;
    case 'metric':
      return `${condition.name} of ${condition.workload}`;
    case 'command':
      return condition.text;
    case 'answer':
      return condition.question;
  }
}
