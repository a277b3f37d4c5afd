import type {ApiClient} from '../api/client.ts';
import type {KnownImage} from '../kubelet/image.ts';
import {pilotImage} from './images/pilot-image.ts';
import {proxyImage} from './images/proxy-image.ts';
import type {ControlPlane} from './pilot/control-plane.ts';

/** The images of Istio that the sandbox runs: istiod (`pilot`) and the proxy (`proxyv2`). */
export function meshImages(options: {client: ApiClient; controlPlane: ControlPlane}): KnownImage[] {
  return [pilotImage(options), proxyImage(options)];
}
