/** The ConfigMaps of the chart `istiod`: mesh settings, injection settings, and the values as they were given. */
export const istiodConfigTemplates: Record<string, string> = {
  'templates/configmap.yaml': `{{- define "istiod.mesh" -}}
{{- $v := include "istio.values" . | fromYaml -}}
defaultConfig:
  discoveryAddress: {{ include "istiod.name" . }}.{{ .Release.Namespace }}.svc:15012
defaultProviders:
  metrics:
  - prometheus
enablePrometheusMerge: {{ $v.meshConfig.enablePrometheusMerge }}
rootNamespace: {{ $v.global.istioNamespace }}
trustDomain: cluster.local
{{- end -}}
{{- $v := include "istio.values" . | fromYaml }}
{{- $mesh := include "istiod.mesh" . | fromYaml }}
{{- if not $v.telemetry.enabled }}
{{- $_ := unset $mesh "defaultProviders" }}
{{- end }}
{{- $mesh = mergeOverwrite $mesh $v.meshConfig }}
{{- if $v.configMap }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio{{ include "istiod.suffix" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    istio.io/rev: {{ $v.revision | default "default" | quote }}
    operator.istio.io/component: "Pilot"
    release: {{ .Release.Name }}
    app.kubernetes.io/name: "istiod"
    {{- include "istio.labels" . | nindent 4 }}
data:
  meshNetworks: "networks: {}"
  mesh: |-
    {{- toYaml $mesh | nindent 4 }}
{{- end }}
`,
  'templates/configmap-values.yaml': `{{- $v := include "istio.values" . | fromYaml }}
# For people and tools that ask what this revision was installed with; istiod does not read it.
apiVersion: v1
kind: ConfigMap
metadata:
  name: values{{ include "istiod.suffix" . }}
  namespace: {{ .Release.Namespace }}
  annotations:
    kubernetes.io/description: The values that this revision of istiod was installed with; informational only.
  labels:
    istio.io/rev: {{ $v.revision | default "default" | quote }}
    operator.istio.io/component: "Pilot"
    release: {{ .Release.Name }}
    app.kubernetes.io/name: "istiod"
    {{- include "istio.labels" . | nindent 4 }}
data:
  original-values: |-
    {{- omit .Values "_internal_defaults_do_not_set" | toPrettyJson | nindent 4 }}
  merged-values: |-
    {{- $v | toPrettyJson | nindent 4 }}
`,
  'templates/istiod-injector-configmap.yaml': `{{- $v := include "istio.values" . | fromYaml }}
{{- if not $v.global.omitSidecarInjectorConfigMap }}
# The simulated injector has its template built in; these are the settings that change it.
apiVersion: v1
kind: ConfigMap
metadata:
  name: istio-sidecar-injector{{ include "istiod.suffix" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    istio.io/rev: {{ $v.revision | default "default" | quote }}
    operator.istio.io/component: "Pilot"
    release: {{ .Release.Name }}
    app.kubernetes.io/name: "istiod"
    {{- include "istio.labels" . | nindent 4 }}
data:
  values: |-
    {{- pick $v "global" "cni" "sidecarInjectorWebhook" "revision" | toPrettyJson | nindent 4 }}
  config: |-
    policy: {{ $v.global.proxy.autoInject }}
    alwaysInjectSelector:
      {{- toYaml $v.sidecarInjectorWebhook.alwaysInjectSelector | nindent 6 }}
    neverInjectSelector:
      {{- toYaml $v.sidecarInjectorWebhook.neverInjectSelector | nindent 6 }}
    injectedAnnotations:
      {{- toYaml $v.sidecarInjectorWebhook.injectedAnnotations | nindent 6 }}
    defaultTemplates:
      {{- $v.sidecarInjectorWebhook.defaultTemplates | default (list "sidecar") | toYaml | nindent 6 }}
    templates:
      {{- toYaml $v.sidecarInjectorWebhook.templates | nindent 6 }}
{{- end }}
`,
};
