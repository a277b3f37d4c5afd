/** What `/version` and the node claim: the middle of the kubectl versions in use, and plainly ours. */
export const kubernetesVersion = 'v1.33.4+istio-workshop';

export function versionInfo(): Record<string, string> {
  return {
    major: '1',
    minor: '33',
    emulationMajor: '1',
    emulationMinor: '33',
    minCompatibilityMajor: '1',
    minCompatibilityMinor: '32',
    gitVersion: kubernetesVersion,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: '',
    platform: 'linux/amd64',
  };
}
