import type {KubeObject} from '../objects.ts';
import {printYaml} from '../tools/shared/yaml-print.ts';
import {
  type ChartOptions,
  type ChartSource,
  chartYaml,
  labelsHelper,
  profiles,
  valuesHelper,
} from './chart.ts';

const values = `# Defaults; set the same names at the top level to change them.
_internal_defaults_do_not_set:
  global:
    # Where istiod runs, or will run.
    istioNamespace: istio-system
    imagePullSecrets: []
  base:
    # Install Istio's resource types with this chart.
    enableCRDTemplates: true
    excludedCRDs: []
    validationURL: ""
    validationCABundle: ""
  # The revision whose istiod validates resources; empty turns that off.
  defaultRevision: "default"
  experimental:
    stableValidationPolicy: false
`;

const crds = `{{- $v := include "istio.values" . | fromYaml }}
{{- if $v.base.enableCRDTemplates }}
{{- if $v.base.excludedCRDs }}
{{- range $text := splitList "\\n---\\n" (.Files.Get "files/crd-all.gen.yaml") }}
{{- $crd := fromYaml $text }}
{{- if not (has $crd.metadata.name $v.base.excludedCRDs) }}
---
{{ $text }}
{{- end }}
{{- end }}
{{- else }}
{{ .Files.Get "files/crd-all.gen.yaml" }}
{{- end }}
{{- end }}
`;

const serviceAccount = `{{- $v := include "istio.values" . | fromYaml }}
# What other clusters' control planes read this one with.
apiVersion: v1
kind: ServiceAccount
{{- with $v.global.imagePullSecrets }}
imagePullSecrets:
{{- range . }}
- name: {{ . }}
{{- end }}
{{- end }}
metadata:
  name: istio-reader-service-account
  namespace: {{ $v.global.istioNamespace }}
  labels:
    app: istio-reader
    release: {{ .Release.Name }}
    app.kubernetes.io/name: "istio-reader"
    {{- include "istio.labels" . | nindent 4 }}
`;

const validator = `{{- $v := include "istio.values" . | fromYaml }}
{{- if $v.defaultRevision }}
# Lets requests pass while no istiod runs; istiod turns it to Fail once it can answer.
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata:
  name: istiod-default-validator
  labels:
    app: istiod
    istio: istiod
    istio.io/rev: {{ $v.defaultRevision | quote }}
    release: {{ .Release.Name }}
    app.kubernetes.io/name: "istiod"
    {{- include "istio.labels" . | nindent 4 }}
webhooks:
- name: validation.istio.io
  clientConfig:
    {{- if $v.base.validationURL }}
    url: {{ $v.base.validationURL }}
    {{- else }}
    service:
      name: {{ if eq $v.defaultRevision "default" }}istiod{{ else }}istiod-{{ $v.defaultRevision }}{{ end }}
      namespace: {{ $v.global.istioNamespace }}
      path: "/validate"
    {{- end }}
    {{- with $v.base.validationCABundle }}
    caBundle: {{ . | quote }}
    {{- end }}
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
{{- end }}
`;

const notes = `Istio's resource types are installed (release {{ .Release.Name }}, version {{ .Chart.AppVersion }}).

This is istio-workshop's own chart for its simulated cluster. Next, install the control plane:

  helm install istiod istio/istiod -n {{ .Release.Namespace }} --wait

To look at this release:

  helm status {{ .Release.Name }} -n {{ .Release.Namespace }}
  helm get all {{ .Release.Name }} -n {{ .Release.Namespace }}
`;

/** The chart `base`: resource types, the reader's account and the default validator. */
export function baseChart(options: ChartOptions & {crds: readonly KubeObject[]}): ChartSource {
  const description = 'Istio resource types and what belongs to the whole cluster (istio-workshop)';
  const kept = options.crds.map(crd => ({
    ...crd,
    // Removing the release must not remove every learner's routes with it.
    metadata: {
      ...crd.metadata,
      annotations: {...crd.metadata.annotations, 'helm.sh/resource-policy': 'keep'},
      labels: {
        ...crd.metadata.labels,
        'app.kubernetes.io/instance': 'istio',
        'app.kubernetes.io/name': 'istio',
        'app.kubernetes.io/part-of': 'istio',
      },
    },
  }));
  return {
    name: 'base',
    description,
    files: {
      'Chart.yaml': chartYaml('base', description, options.istioVersion),
      'values.yaml': values,
      ...profiles,
      'files/crd-all.gen.yaml': kept.map(crd => printYaml(crd)).join('---\n'),
      'templates/_helpers.tpl': valuesHelper + labelsHelper,
      'templates/crds.yaml': crds,
      'templates/defaultrevision-validatingwebhookconfiguration.yaml': validator,
      'templates/reader-serviceaccount.yaml': serviceAccount,
      'templates/NOTES.txt': notes,
    },
  };
}
