/** The webhooks of the chart `istiod`. Which namespaces and pods each takes is Istio's documented rule. */
export const istiodWebhookTemplates: Record<string, string> = {
  'templates/mutatingwebhook.yaml': `{{- define "istiod.injector" -}}
- name: {{ .name }}
  clientConfig:
    {{- if .v.istiodRemote.injectionURL }}
    url: {{ .v.istiodRemote.injectionURL | quote }}
    {{- else }}
    service:
      name: {{ .service }}
      namespace: {{ .namespace }}
      path: {{ .v.istiodRemote.injectionPath | quote }}
      port: 443
    {{- end }}
    {{- with .v.istiodRemote.injectionCABundle }}
    caBundle: {{ . | quote }}
    {{- end }}
  sideEffects: None
  rules:
  - operations: [CREATE]
    apiGroups: [""]
    apiVersions: [v1]
    resources: [pods]
  failurePolicy: Fail
  reinvocationPolicy: {{ .v.sidecarInjectorWebhook.reinvocationPolicy | quote }}
  admissionReviewVersions: [v1]
  namespaceSelector:
    matchExpressions:
    {{- toYaml .namespaces | nindent 4 }}
  objectSelector:
    matchExpressions:
    {{- toYaml .objects | nindent 4 }}
{{- end -}}
{{- $v := include "istio.values" . | fromYaml }}
{{- $revision := $v.revision | default "default" }}
{{- $hook := dict "v" $v "service" (include "istiod.name" .) "namespace" .Release.Namespace }}
{{- $injectOff := dict "key" "sidecar.istio.io/inject" "operator" "NotIn" "values" (list "false") }}
{{- $injectOn := dict "key" "sidecar.istio.io/inject" "operator" "In" "values" (list "true") }}
{{- $injectUnset := dict "key" "sidecar.istio.io/inject" "operator" "DoesNotExist" }}
{{- $revIs := dict "key" "istio.io/rev" "operator" "In" "values" (list $revision) }}
{{- $revUnset := dict "key" "istio.io/rev" "operator" "DoesNotExist" }}
{{- $enabled := dict "key" "istio-injection" "operator" "In" "values" (list "enabled") }}
{{- $labelUnset := dict "key" "istio-injection" "operator" "DoesNotExist" }}
{{- $system := dict "key" "kubernetes.io/metadata.name" "operator" "NotIn" "values" (list "kube-system" "kube-public" "kube-node-lease" "local-path-storage") }}
{{- if not $v.global.operatorManageWebhooks }}
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata:
  {{- if eq .Release.Namespace "istio-system" }}
  name: istio-sidecar-injector{{ include "istiod.suffix" . }}
  {{- else }}
  name: istio-sidecar-injector{{ include "istiod.suffix" . }}-{{ .Release.Namespace }}
  {{- end }}
  labels:
    istio.io/rev: {{ $revision | quote }}
    operator.istio.io/component: "Pilot"
    app: sidecar-injector
    release: {{ .Release.Name }}
    app.kubernetes.io/name: "istiod"
    {{- include "istio.labels" . | nindent 4 }}
  {{- with $v.sidecarInjectorWebhookAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
webhooks:
{{ include "istiod.injector" (merge (dict "name" "rev.namespace.sidecar-injector.istio.io" "namespaces" (list $revIs $labelUnset) "objects" (list $injectOff)) $hook) }}
{{ include "istiod.injector" (merge (dict "name" "rev.object.sidecar-injector.istio.io" "namespaces" (list $revUnset $labelUnset) "objects" (list $injectOff $revIs)) $hook) }}
{{- if eq $revision "default" }}
{{ include "istiod.injector" (merge (dict "name" "namespace.sidecar-injector.istio.io" "namespaces" (list $enabled) "objects" (list $injectOff)) $hook) }}
{{ include "istiod.injector" (merge (dict "name" "object.sidecar-injector.istio.io" "namespaces" (list $labelUnset $revUnset) "objects" (list $injectOn $revUnset)) $hook) }}
{{- if $v.sidecarInjectorWebhook.enableNamespacesByDefault }}
{{ include "istiod.injector" (merge (dict "name" "auto.sidecar-injector.istio.io" "namespaces" (list $labelUnset $revUnset $system) "objects" (list $injectUnset $revUnset)) $hook) }}
{{- end }}
{{- end }}
{{- end }}
`,
  'templates/validatingwebhookconfiguration.yaml': `{{- $v := include "istio.values" . | fromYaml }}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: istio-validator{{ include "istiod.suffix" . }}-{{ $v.global.istioNamespace }}
  labels:
    app: istiod
    istio: istiod
    istio.io/rev: {{ $v.revision | default "default" | quote }}
    release: {{ .Release.Name }}
    app.kubernetes.io/name: "istiod"
    {{- include "istio.labels" . | nindent 4 }}
webhooks:
# Only what is labelled for a revision; the base chart's webhook validates the rest.
- name: rev.validation.istio.io
  clientConfig:
    service:
      name: {{ include "istiod.name" . }}
      namespace: {{ $v.global.istioNamespace }}
      path: "/validate"
  rules:
  - operations: [CREATE, UPDATE]
    apiGroups: [security.istio.io, networking.istio.io, telemetry.istio.io, extensions.istio.io]
    apiVersions: ["*"]
    resources: ["*"]
{{- if not .Release.IsUpgrade }}
  # istiod makes it strict once it runs; an upgrade leaves it so.
  failurePolicy: Ignore
{{- end }}
  sideEffects: None
  admissionReviewVersions: [v1]
  objectSelector:
    matchExpressions:
    - key: istio.io/rev
      operator: In
      values:
      - {{ $v.revision | default "default" | quote }}
`,
};
