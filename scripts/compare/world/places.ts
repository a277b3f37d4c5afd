import {entryAddress, outside, outsideToo} from './addresses.ts';
import {allPorts, worldServices} from './services.ts';

/** Whoever answers: a pod, or a stand-in for what a proxy passes on unread. */
export interface Place {
  name: string;
  ip: string;
  ports: readonly number[];
}

/** The names of stand-ins: what they answer was passed on. */
export function standsIn(name: string): boolean {
  return /^(vip-|outside)/.test(name);
}

/** Everybody that is there in any case. */
export function places(): Place[] {
  const services = worldServices({wide: true});
  return [
    // First, since its address is the one that says whether a block is free.
    {name: 'outside', ip: outside, ports: allPorts},
    {name: 'outside-too', ip: outsideToo, ports: allPorts},
    {name: 'vip-entry', ip: entryAddress, ports: allPorts},
    // At every port, since ServiceEntries send to pods at their own.
    ...services.flatMap(({pods}) => pods.map(({name, ip}) => ({name, ip, ports: allPorts}))),
    ...services
      .filter(({clusterIP}) => clusterIP !== 'None')
      .map(({name, clusterIP}) => ({name: `vip-${name}`, ip: clusterIP, ports: allPorts})),
  ];
}
