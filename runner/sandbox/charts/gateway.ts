import {type ChartOptions, type ChartSource, chartYaml, labelsHelper, profiles} from './chart.ts';

const values = `# Defaults; set the same names at the top level to change them.
_internal_defaults_do_not_set:
  # Name of everything this chart creates; the release's name when empty.
  name: ""
  revision: ""
  replicaCount: 1
  kind: Deployment
  rbac:
    enabled: true
  serviceAccount:
    create: true
    annotations: {}
    name: ""
  podAnnotations:
    prometheus.io/port: "15020"
    prometheus.io/scrape: "true"
    prometheus.io/path: "/stats/prometheus"
    inject.istio.io/templates: "gateway"
    sidecar.istio.io/inject: "true"
  securityContext: {}
  containerSecurityContext: {}
  service:
    type: LoadBalancer
    ports:
    - name: status-port
      port: 15021
      protocol: TCP
      targetPort: 15021
    - name: http2
      port: 80
      protocol: TCP
      targetPort: 80
    - name: https
      port: 443
      protocol: TCP
      targetPort: 443
    annotations: {}
    loadBalancerIP: ""
    loadBalancerSourceRanges: []
    externalTrafficPolicy: ""
    externalIPs: []
    clusterIP: ""
    loadBalancerClass: ""
  resources:
    requests:
      cpu: 100m
      memory: 128Mi
    limits:
      cpu: 2000m
      memory: 1024Mi
  autoscaling:
    enabled: true
    minReplicas: 1
    maxReplicas: 5
    targetCPUUtilizationPercentage: 80
    targetMemoryUtilizationPercentage: 0
    autoscaleBehavior: {}
  env: {}
  labels: {}
  annotations: {}
  nodeSelector: {}
  tolerations: []
  topologySpreadConstraints: []
  affinity: {}
  networkGateway: ""
  imagePullPolicy: ""
  imagePullSecrets: []
  podDisruptionBudget: {}
  terminationGracePeriodSeconds: 30
  priorityClassName: ""
  minReadySeconds: 0
  strategy: {}
  readinessProbe: {}
  volumes: []
  volumeMounts: []
  platform: ""
`;

const helpers = `{{- define "istio.values" -}}
{{- $defaults := deepCopy (index .Values "_internal_defaults_do_not_set") -}}
{{- $given := omit (deepCopy .Values) "_internal_defaults_do_not_set" -}}
{{- $profile := dict -}}
{{- $name := get $given "profile" | default "" -}}
{{- if $name -}}
{{- $text := .Files.Get (printf "files/profile-%s.yaml" $name) -}}
{{- if not $text -}}
{{- fail (printf "unknown profile %q; this chart has default, demo and minimal" $name) -}}
{{- end -}}
{{- $profile = pick (fromYaml $text) "resources" "autoscaling" -}}
{{- end -}}
{{- toYaml (mergeOverwrite $defaults $profile $given) -}}
{{- end -}}

{{- define "gateway.name" -}}
{{- $v := include "istio.values" . | fromYaml -}}
{{- if eq .Release.Name "RELEASE-NAME" -}}
{{- $v.name | default "istio-ingressgateway" -}}
{{- else -}}
{{- $v.name | default .Release.Name | default "istio-ingressgateway" -}}
{{- end -}}
{{- end -}}

{{- define "gateway.serviceAccountName" -}}
{{- $v := include "istio.values" . | fromYaml -}}
{{- if $v.serviceAccount.create -}}
{{- $v.serviceAccount.name | default (include "gateway.name" .) -}}
{{- else -}}
{{- $v.serviceAccount.name | default "default" -}}
{{- end -}}
{{- end -}}

{{- define "gateway.app" -}}
{{- $v := include "istio.values" . | fromYaml -}}
{{- get $v.labels "app" | default (include "gateway.name" .) -}}
{{- end -}}

{{- define "gateway.istio" -}}
{{- $v := include "istio.values" . | fromYaml -}}
{{- get $v.labels "istio" | default (include "gateway.name" . | trimPrefix "istio-") -}}
{{- end -}}

{{- define "gateway.selector" -}}
app: {{ include "gateway.app" . | quote }}
istio: {{ include "gateway.istio" . | quote }}
{{- end -}}

{{- define "gateway.labels" -}}
{{- $v := include "istio.values" . | fromYaml -}}
{{ include "gateway.selector" . }}
app.kubernetes.io/name: {{ include "gateway.name" . | quote }}
{{ include "istio.labels" . }}
{{- with $v.networkGateway }}
topology.istio.io/network: {{ . | quote }}
{{- end }}
{{- range $key, $value := omit $v.labels "app" "istio" }}
{{ $key }}: {{ $value | quote }}
{{- end }}
{{- end -}}
`;

const deployment = `{{- $v := include "istio.values" . | fromYaml }}
apiVersion: apps/v1
kind: {{ $v.kind | default "Deployment" }}
metadata:
  name: {{ include "gateway.name" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "gateway.labels" . | nindent 4 }}
  {{- with $v.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- if ne $v.kind "DaemonSet" }}
  {{- if and (not $v.autoscaling.enabled) (not (kindIs "invalid" $v.replicaCount)) }}
  replicas: {{ $v.replicaCount }}
  {{- end }}
  {{- with $v.strategy }}
  strategy:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
  {{- with $v.minReadySeconds }}
  minReadySeconds: {{ . }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "gateway.selector" . | nindent 6 }}
  template:
    metadata:
      {{- with $v.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      labels:
        sidecar.istio.io/inject: "true"
        {{- with $v.revision }}
        istio.io/rev: {{ . | quote }}
        {{- end }}
        {{- include "gateway.labels" . | nindent 8 }}
    spec:
      {{- with $v.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      serviceAccountName: {{ include "gateway.serviceAccountName" . }}
      securityContext:
        {{- if $v.securityContext }}
        {{- toYaml $v.securityContext | nindent 8 }}
        {{- else }}
        # Ports below 1024 without being root.
        sysctls:
        - name: net.ipv4.ip_unprivileged_port_start
          value: "0"
        {{- end }}
      {{- with $v.volumes }}
      volumes:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
      - name: istio-proxy
        # istiod puts the proxy's image here when the pod is created.
        image: auto
        {{- with $v.imagePullPolicy }}
        imagePullPolicy: {{ . }}
        {{- end }}
        securityContext:
          {{- if $v.containerSecurityContext }}
          {{- toYaml $v.containerSecurityContext | nindent 10 }}
          {{- else }}
          capabilities:
            drop:
            - ALL
          allowPrivilegeEscalation: false
          privileged: false
          readOnlyRootFilesystem: true
          runAsUser: 1337
          runAsGroup: 1337
          runAsNonRoot: true
          {{- end }}
        {{- if or $v.env $v.networkGateway }}
        env:
        {{- end }}
        {{- with $v.networkGateway }}
        - name: ISTIO_META_REQUESTED_NETWORK_VIEW
          value: {{ . | quote }}
        {{- end }}
        {{- range $key, $value := $v.env }}
        - name: {{ $key }}
          value: {{ $value | quote }}
        {{- end }}
        ports:
        - containerPort: 15090
          protocol: TCP
          name: http-envoy-prom
        {{- with $v.readinessProbe }}
        readinessProbe:
          {{- toYaml . | nindent 10 }}
        {{- end }}
        resources:
          {{- toYaml $v.resources | nindent 10 }}
        {{- with $v.volumeMounts }}
        volumeMounts:
          {{- toYaml . | nindent 10 }}
        {{- end }}
      {{- with $v.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $v.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $v.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $v.topologySpreadConstraints }}
      topologySpreadConstraints:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      terminationGracePeriodSeconds: {{ $v.terminationGracePeriodSeconds }}
      {{- with $v.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
`;

const service = `{{- $v := include "istio.values" . | fromYaml }}
{{- if ne $v.service.type "None" }}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "gateway.name" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "gateway.labels" . | nindent 4 }}
  {{- with mergeOverwrite (deepCopy $v.annotations) $v.service.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- range $field := list "loadBalancerIP" "loadBalancerClass" "externalTrafficPolicy" "clusterIP" "ipFamilyPolicy" }}
  {{- with get $v.service $field }}
  {{ $field }}: {{ . | quote }}
  {{- end }}
  {{- end }}
  {{- range $field := list "loadBalancerSourceRanges" "externalIPs" "ipFamilies" }}
  {{- with get $v.service $field }}
  {{ $field }}:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- end }}
  type: {{ $v.service.type }}
  ports:
    {{- toYaml $v.service.ports | nindent 4 }}
  selector:
    {{- include "gateway.selector" . | nindent 4 }}
{{- end }}
`;

const autoscaler = `{{- $v := include "istio.values" . | fromYaml }}
{{- if and $v.autoscaling.enabled (eq $v.kind "Deployment") }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "gateway.name" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "gateway.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "gateway.name" . }}
  minReplicas: {{ $v.autoscaling.minReplicas }}
  maxReplicas: {{ $v.autoscaling.maxReplicas }}
  metrics:
  {{- with $v.autoscaling.targetCPUUtilizationPercentage }}
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: {{ . }}
  {{- end }}
  {{- with $v.autoscaling.targetMemoryUtilizationPercentage }}
  - type: Resource
    resource:
      name: memory
      target:
        type: Utilization
        averageUtilization: {{ . }}
  {{- end }}
  {{- with $v.autoscaling.autoscaleBehavior }}
  behavior:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
`;

const disruption = `{{- $v := include "istio.values" . | fromYaml }}
{{- if $v.podDisruptionBudget }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "gateway.name" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "gateway.labels" . | nindent 4 }}
spec:
  selector:
    matchLabels:
      {{- include "gateway.selector" . | nindent 6 }}
  {{- toYaml $v.podDisruptionBudget | nindent 2 }}
{{- end }}
`;

const role = `{{- $v := include "istio.values" . | fromYaml }}
{{- if $v.rbac.enabled }}
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ include "gateway.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "gateway.labels" . | nindent 4 }}
rules:
- apiGroups: [""]
  resources: ["secrets"]
  verbs: ["get", "watch", "list"]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ include "gateway.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "gateway.labels" . | nindent 4 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ include "gateway.serviceAccountName" . }}
subjects:
- kind: ServiceAccount
  name: {{ include "gateway.serviceAccountName" . }}
{{- end }}
`;

const serviceAccount = `{{- $v := include "istio.values" . | fromYaml }}
{{- if $v.serviceAccount.create }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "gateway.serviceAccountName" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "gateway.labels" . | nindent 4 }}
  {{- with $v.serviceAccount.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
`;

const notes = `"{{ include "gateway.name" . }}" is installed: an ingress gateway (istio-workshop's own chart, version {{ .Chart.AppVersion }}).

Its pods carry the label istio={{ include "gateway.istio" . }}: that is what a Gateway's selector must name.

To look at this release:

  helm status {{ .Release.Name }} -n {{ .Release.Namespace }}
  helm get all {{ .Release.Name }} -n {{ .Release.Namespace }}
`;

/** The chart `gateway`: proxies at the edge of the mesh, with a Service in front. */
export function gatewayChart(options: ChartOptions): ChartSource {
  const description = 'A gateway of the mesh (istio-workshop)';
  return {
    name: 'gateway',
    description,
    files: {
      'Chart.yaml': chartYaml('gateway', description, options.istioVersion),
      'values.yaml': values,
      ...profiles,
      'templates/_helpers.tpl': helpers + labelsHelper,
      'templates/deployment.yaml': deployment,
      'templates/hpa.yaml': autoscaler,
      'templates/poddisruptionbudget.yaml': disruption,
      'templates/role.yaml': role,
      'templates/service.yaml': service,
      'templates/serviceaccount.yaml': serviceAccount,
      'templates/NOTES.txt': notes,
    },
  };
}
