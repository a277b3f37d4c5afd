import type {Io} from './io.ts';

/** What people type to start this program here: `istio-workshop`, or `npm start --` where that started it. */
export function programOf(env: Io['env']): string {
  return env['ISTIO_WORKSHOP_COMMAND'] || 'istio-workshop';
}
