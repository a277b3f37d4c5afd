/** A Helm chart as its files: path inside the chart -> text. */
export interface ChartSource {
  name: string;
  description: string;
  files: Record<string, string>;
}

export interface ChartOptions {
  /** Istio's version, which is the charts' version too: `1.30.3`. */
  istioVersion: string;
}

/** Where Istio's images of a version are published: one registry of its own since 1.30, Docker Hub before. */
export function imageHub(istioVersion: string): string {
  const [major = 0, minor = 0] = istioVersion.split('.').map(Number);
  return major > 1 || minor >= 30 ? 'registry.istio.io/release' : 'docker.io/istio';
}

/** `Chart.yaml` of one of our charts. */
export function chartYaml(name: string, description: string, istioVersion: string): string {
  return `apiVersion: v2
name: ${name}
description: ${description}
type: application
version: ${istioVersion}
appVersion: ${istioVersion}
keywords:
- istio
- simulated
`;
}

/**
 * Lets templates read Istio's values as its own charts arrange them: what the user gave, over what the profile
 * sets, over the defaults (which stand under a key of their own so that the three can be told apart).
 */
export const valuesHelper = `{{- define "istio.values" -}}
{{- $defaults := deepCopy (index .Values "_internal_defaults_do_not_set") -}}
{{- $given := omit (deepCopy .Values) "_internal_defaults_do_not_set" -}}
{{- $profile := dict -}}
{{- $name := get $given "profile" | default "" -}}
{{- if $name -}}
{{- $file := printf "files/profile-%s.yaml" $name -}}
{{- $text := .Files.Get $file -}}
{{- if not $text -}}
{{- fail (printf "unknown profile %q; this chart has default, demo and minimal" $name) -}}
{{- end -}}
{{- $profile = fromYaml $text -}}
{{- end -}}
{{- $merged := mergeOverwrite $defaults $profile $given -}}
{{- $pilot := get $merged "pilot" | default dict -}}
{{- toYaml (mergeOverwrite (omit $merged "pilot") (deepCopy $pilot)) -}}
{{- end -}}
`;

/** The labels that Istio's charts put on what they create. */
export const labelsHelper = `{{- define "istio.labels" -}}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service | quote }}
app.kubernetes.io/part-of: istio
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end -}}
`;

/** The profiles that the charts know; an unknown one is refused. */
export const profiles: Record<string, string> = {
  'files/profile-default.yaml': '# The defaults as they are.\nprofile: default\n',
  'files/profile-minimal.yaml':
    '# The control plane alone is what these charts install anyway.\nprofile: minimal\n',
  'files/profile-demo.yaml': `# Small enough for a laptop, and with access logs.
profile: demo
autoscaleEnabled: false
traceSampling: 100
resources:
  requests:
    cpu: 10m
    memory: 100Mi
autoscaling:
  enabled: false
global:
  proxy:
    resources:
      requests:
        cpu: 10m
        memory: 40Mi
meshConfig:
  accessLogFile: /dev/stdout
`,
};
