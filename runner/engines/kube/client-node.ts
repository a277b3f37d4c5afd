// What we use of the client, by name: the bundler then leaves out its generated clients for every API, and
// loading it costs a tenth.
export {KubeConfig, Log, PortForward} from '@kubernetes/client-node';
