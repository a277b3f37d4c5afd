/** Accounts and rights of the chart `istiod`. */
export const istiodAccessTemplates: Record<string, string> = {
  'templates/serviceaccount.yaml': `{{- $v := include "istio.values" . | fromYaml }}
apiVersion: v1
kind: ServiceAccount
{{- with $v.global.imagePullSecrets }}
imagePullSecrets:
{{- range . }}
- name: {{ . }}
{{- end }}
{{- end }}
metadata:
  name: {{ include "istiod.name" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    app: istiod
    release: {{ .Release.Name }}
    app.kubernetes.io/name: "istiod"
    {{- include "istio.labels" . | nindent 4 }}
  {{- with $v.serviceAccountAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
`,
  'templates/clusterrole.yaml': `{{- define "istiod.accessLabels" }}
    app: istiod
    release: {{ .Release.Name }}
    app.kubernetes.io/name: "istiod"
    {{- include "istio.labels" . | nindent 4 }}
{{- end }}
{{- $suffix := printf "%s-%s" (include "istiod.suffix" .) .Release.Namespace }}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: istiod-clusterrole{{ $suffix }}
  labels: {{- include "istiod.accessLabels" . }}
rules:
- apiGroups: ["admissionregistration.k8s.io"]
  resources: ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"]
  verbs: ["get", "list", "watch", "update", "patch"]
- apiGroups: ["config.istio.io", "security.istio.io", "networking.istio.io", "authentication.istio.io", "rbac.istio.io", "telemetry.istio.io", "extensions.istio.io"]
  resources: ["*"]
  verbs: ["get", "watch", "list", "update", "patch"]
- apiGroups: ["apiextensions.k8s.io"]
  resources: ["customresourcedefinitions"]
  verbs: ["get", "list", "watch"]
- apiGroups: [""]
  resources: ["pods", "nodes", "services", "namespaces", "endpoints", "secrets"]
  verbs: ["get", "list", "watch"]
- apiGroups: [""]
  resources: ["configmaps"]
  verbs: ["create", "get", "list", "watch", "update"]
- apiGroups: ["discovery.k8s.io"]
  resources: ["endpointslices"]
  verbs: ["get", "list", "watch"]
- apiGroups: ["networking.k8s.io"]
  resources: ["ingresses", "ingressclasses"]
  verbs: ["get", "list", "watch"]
- apiGroups: ["gateway.networking.k8s.io", "gateway.networking.x-k8s.io"]
  resources: ["*"]
  verbs: ["get", "watch", "list", "update", "patch"]
- apiGroups: ["authentication.k8s.io"]
  resources: ["tokenreviews"]
  verbs: ["create"]
- apiGroups: ["authorization.k8s.io"]
  resources: ["subjectaccessreviews"]
  verbs: ["create"]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: istiod-gateway-controller{{ $suffix }}
  labels: {{- include "istiod.accessLabels" . }}
rules:
- apiGroups: ["apps"]
  resources: ["deployments"]
  verbs: ["get", "watch", "list", "update", "patch", "create", "delete"]
- apiGroups: [""]
  resources: ["services", "serviceaccounts"]
  verbs: ["get", "watch", "list", "update", "patch", "create", "delete"]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: istio-reader-clusterrole{{ $suffix }}
  labels: {{- include "istiod.accessLabels" . }}
rules:
- apiGroups: ["security.istio.io", "networking.istio.io", "telemetry.istio.io", "extensions.istio.io"]
  resources: ["*"]
  verbs: ["get", "list", "watch"]
- apiGroups: [""]
  resources: ["endpoints", "pods", "services", "nodes", "replicationcontrollers", "namespaces", "secrets"]
  verbs: ["get", "list", "watch"]
- apiGroups: ["apps"]
  resources: ["replicasets"]
  verbs: ["get", "list", "watch"]
- apiGroups: ["discovery.k8s.io"]
  resources: ["endpointslices"]
  verbs: ["get", "list", "watch"]
`,
  'templates/clusterrolebinding.yaml': `{{- $root := . }}
{{- $suffix := printf "%s-%s" (include "istiod.suffix" .) .Release.Namespace }}
{{- range $role := list "istiod-clusterrole" "istiod-gateway-controller" "istio-reader-clusterrole" }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {{ $role }}{{ $suffix }}
  labels: {{- include "istiod.accessLabels" $root }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: {{ $role }}{{ $suffix }}
subjects:
- kind: ServiceAccount
  name: {{ if eq $role "istio-reader-clusterrole" }}istio-reader-service-account{{ else }}{{ include "istiod.name" $root }}{{ end }}
  namespace: {{ $root.Release.Namespace }}
{{- end }}
`,
  'templates/role.yaml': `apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ include "istiod.name" . }}
  namespace: {{ .Release.Namespace }}
  labels: {{- include "istiod.accessLabels" . }}
rules:
- apiGroups: [""]
  resources: ["secrets"]
  verbs: ["create", "get", "watch", "list", "update", "delete"]
- apiGroups: [""]
  resources: ["configmaps"]
  verbs: ["delete"]
- apiGroups: ["coordination.k8s.io"]
  resources: ["leases"]
  verbs: ["get", "update", "patch", "create"]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ include "istiod.name" . }}
  namespace: {{ .Release.Namespace }}
  labels: {{- include "istiod.accessLabels" . }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: {{ include "istiod.name" . }}
subjects:
- kind: ServiceAccount
  name: {{ include "istiod.name" . }}
  namespace: {{ .Release.Namespace }}
`,
};
