import {
  type ChartOptions,
  type ChartSource,
  chartYaml,
  imageHub,
  labelsHelper,
  profiles,
  valuesHelper,
} from './chart.ts';
import {istiodAccessTemplates} from './istiod-access.ts';
import {istiodConfigTemplates} from './istiod-config.ts';
import {istiodValues} from './istiod-values.ts';
import {istiodWebhookTemplates} from './istiod-webhooks.ts';
import {istiodWorkloadTemplates} from './istiod-workload.ts';

const names = `{{- define "istiod.suffix" -}}
{{- with .Values.revision }}-{{ . }}{{ end -}}
{{- end -}}
{{- define "istiod.name" -}}
istiod{{ include "istiod.suffix" . }}
{{- end -}}
`;

const notes = `"{{ .Release.Name }}" is installed: Istio's control plane, version {{ .Chart.AppVersion }}.

This is istio-workshop's own chart for its simulated cluster. Pods get a sidecar in namespaces that are labelled:

  kubectl label namespace NAME istio-injection=enabled

To look at this release:

  helm status {{ .Release.Name }} -n {{ .Release.Namespace }}
  helm get all {{ .Release.Name }} -n {{ .Release.Namespace }}
`;

/** The chart `istiod`: the control plane. */
export function istiodChart(options: ChartOptions): ChartSource {
  const description = "Istio's control plane (istio-workshop)";
  return {
    name: 'istiod',
    description,
    files: {
      'Chart.yaml': chartYaml('istiod', description, options.istioVersion),
      'values.yaml': istiodValues(imageHub(options.istioVersion), options.istioVersion),
      ...profiles,
      'templates/_helpers.tpl': valuesHelper + labelsHelper + names,
      ...istiodAccessTemplates,
      ...istiodConfigTemplates,
      ...istiodWebhookTemplates,
      ...istiodWorkloadTemplates,
      'templates/NOTES.txt': notes,
    },
  };
}
