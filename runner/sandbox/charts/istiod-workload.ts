/** Deployment, Service and what scales and guards them, of the chart `istiod`. */
export const istiodWorkloadTemplates: Record<string, string> = {
  'templates/deployment.yaml': `{{- $v := include "istio.values" . | fromYaml }}
{{- $hub := $v.hub | default $v.global.hub }}
{{- $tag := $v.tag | default $v.global.tag }}
{{- $variant := $v.variant | default $v.global.variant }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "istiod.name" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    app: istiod
    istio.io/rev: {{ $v.revision | default "default" | quote }}
    operator.istio.io/component: "Pilot"
    istio: pilot
    release: {{ .Release.Name }}
    app.kubernetes.io/name: "istiod"
    {{- include "istio.labels" . | nindent 4 }}
    {{- range $key, $value := $v.deploymentLabels }}
    {{ $key }}: {{ $value | quote }}
    {{- end }}
spec:
  {{- if not $v.autoscaleEnabled }}
  replicas: {{ $v.replicaCount }}
  {{- end }}
  strategy:
    rollingUpdate:
      maxSurge: {{ $v.rollingMaxSurge }}
      maxUnavailable: {{ $v.rollingMaxUnavailable }}
  selector:
    matchLabels:
      app: istiod
      {{- with $v.revision }}
      istio.io/rev: {{ . | quote }}
      {{- else }}
      istio: pilot
      {{- end }}
  template:
    metadata:
      labels:
        app: istiod
        istio.io/rev: {{ $v.revision | default "default" | quote }}
        sidecar.istio.io/inject: "false"
        operator.istio.io/component: "Pilot"
        {{- if $v.revision }}
        istio: istiod
        {{- else }}
        istio: pilot
        {{- end }}
        istio.io/dataplane-mode: none
        app.kubernetes.io/name: "istiod"
        {{- include "istio.labels" . | nindent 8 }}
        {{- range $key, $value := $v.podLabels }}
        {{ $key }}: {{ $value | quote }}
        {{- end }}
      annotations:
        prometheus.io/port: "15014"
        prometheus.io/scrape: "true"
        sidecar.istio.io/inject: "false"
        {{- with $v.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- with $v.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with $v.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      tolerations:
      - key: cni.istio.io/not-ready
        operator: "Exists"
      {{- with $v.tolerations }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
      {{- with $v.topologySpreadConstraints }}
      topologySpreadConstraints:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      serviceAccountName: {{ include "istiod.name" . }}
      {{- with $v.global.priorityClassName }}
      priorityClassName: {{ . | quote }}
      {{- end }}
      containers:
      - name: discovery
        {{- if contains "/" $v.image }}
        image: {{ $v.image | quote }}
        {{- else }}
        image: "{{ $hub }}/{{ $v.image }}:{{ $tag }}{{ with $variant }}-{{ . }}{{ end }}"
        {{- end }}
        {{- with $v.global.imagePullPolicy }}
        imagePullPolicy: {{ . }}
        {{- end }}
        args:
        - discovery
        - --monitoringAddr=:15014
        {{- with $v.global.logging.level }}
        - --log_output_level={{ . }}
        {{- end }}
        {{- if $v.global.logAsJson }}
        - --log_as_json
        {{- end }}
        - --domain
        - {{ $v.global.proxy.clusterDomain }}
        - --keepaliveMaxServerConnectionAge
        - {{ $v.keepaliveMaxServerConnectionAge | quote }}
        {{- range $v.extraContainerArgs }}
        - {{ . | quote }}
        {{- end }}
        ports:
        - containerPort: 8080
          protocol: TCP
          name: http-debug
        - containerPort: 15010
          protocol: TCP
          name: grpc-xds
        - containerPort: 15012
          protocol: TCP
          name: tls-xds
        - containerPort: 15017
          protocol: TCP
          name: https-webhooks
        - containerPort: 15014
          protocol: TCP
          name: http-monitoring
        readinessProbe:
          httpGet:
            path: /ready
            port: 8080
          initialDelaySeconds: 1
          periodSeconds: 3
          timeoutSeconds: 5
        env:
        - name: REVISION
          value: {{ $v.revision | default "default" | quote }}
        - name: PILOT_CERT_PROVIDER
          value: {{ $v.global.pilotCertProvider }}
        - name: POD_NAME
          valueFrom:
            fieldRef:
              apiVersion: v1
              fieldPath: metadata.name
        - name: POD_NAMESPACE
          valueFrom:
            fieldRef:
              apiVersion: v1
              fieldPath: metadata.namespace
        - name: SERVICE_ACCOUNT
          valueFrom:
            fieldRef:
              apiVersion: v1
              fieldPath: spec.serviceAccountName
        - name: KUBECONFIG
          value: /var/run/secrets/remote/config
        - name: CA_TRUSTED_NODE_ACCOUNTS
          value: "{{ $v.trustedZtunnelNamespace | default .Release.Namespace }}/ztunnel"
        {{- range $key, $value := $v.env }}
        - name: {{ $key }}
          value: {{ $value | quote }}
        {{- end }}
        {{- with $v.envVarFrom }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
        {{- if $v.traceSampling }}
        - name: PILOT_TRACE_SAMPLING
          value: {{ $v.traceSampling | quote }}
        {{- end }}
        {{- with $v.compatibilityVersion }}
        - name: COMPATIBILITY_VERSION
          value: {{ . | quote }}
        {{- end }}
        - name: CLUSTER_ID
          value: {{ $v.global.multiCluster.clusterName | default "Kubernetes" | quote }}
        - name: GOMEMLIMIT
          valueFrom:
            resourceFieldRef:
              resource: limits.memory
              divisor: "1"
        - name: GOMAXPROCS
          valueFrom:
            resourceFieldRef:
              resource: limits.cpu
              divisor: "1"
        - name: PLATFORM
          value: {{ $v.global.platform | default "" | quote }}
        {{- with $v.resources }}
        resources:
          {{- toYaml . | nindent 10 }}
        {{- end }}
        securityContext:
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          runAsNonRoot: true
          capabilities:
            drop:
            - ALL
        volumeMounts:
        - name: istio-token
          mountPath: /var/run/secrets/tokens
          readOnly: true
        - name: local-certs
          mountPath: /var/run/secrets/istio-dns
        - name: cacerts
          mountPath: /etc/cacerts
          readOnly: true
        - name: istio-kubeconfig
          mountPath: /var/run/secrets/remote
          readOnly: true
        - name: istio-csr-dns-cert
          mountPath: /var/run/secrets/istiod/tls
          readOnly: true
        - name: istio-csr-ca-configmap
          mountPath: /var/run/secrets/istiod/ca
          readOnly: true
        {{- with $v.volumeMounts }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      volumes:
      - name: local-certs
        emptyDir:
          medium: Memory
      - name: istio-token
        projected:
          sources:
          - serviceAccountToken:
              audience: istio-ca
              expirationSeconds: 43200
              path: istio-token
      - name: cacerts
        secret:
          secretName: cacerts
          optional: true
      - name: istio-kubeconfig
        secret:
          secretName: istio-kubeconfig
          optional: true
      - name: istio-csr-dns-cert
        secret:
          secretName: istiod-tls
          optional: true
      - name: istio-csr-ca-configmap
        configMap:
          name: istio-ca-root-cert
          defaultMode: 420
          optional: true
      {{- with $v.volumes }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
`,
  'templates/service.yaml': `{{- $v := include "istio.values" . | fromYaml }}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "istiod.name" . }}
  namespace: {{ .Release.Namespace }}
  {{- with $v.serviceAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  labels:
    istio.io/rev: {{ $v.revision | default "default" | quote }}
    operator.istio.io/component: "Pilot"
    app: istiod
    istio: pilot
    release: {{ .Release.Name }}
    app.kubernetes.io/name: "istiod"
    {{- include "istio.labels" . | nindent 4 }}
spec:
  ports:
  - port: 15010
    name: grpc-xds
    protocol: TCP
  - port: 15012
    name: https-dns
    protocol: TCP
  - port: 443
    name: https-webhook
    targetPort: 15017
    protocol: TCP
  - port: 15014
    name: http-monitoring
    protocol: TCP
  selector:
    app: istiod
    {{- if $v.revision }}
    istio.io/rev: {{ $v.revision | quote }}
    {{- else }}
    istio: pilot
    {{- end }}
  {{- with $v.ipFamilyPolicy }}
  ipFamilyPolicy: {{ . }}
  {{- end }}
  {{- with $v.ipFamilies }}
  ipFamilies:
    {{- toYaml . | nindent 4 }}
  {{- end }}
`,
  'templates/autoscale.yaml': `{{- $v := include "istio.values" . | fromYaml }}
{{- if and $v.autoscaleEnabled $v.autoscaleMin $v.autoscaleMax }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "istiod.name" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    app: istiod
    release: {{ .Release.Name }}
    istio.io/rev: {{ $v.revision | default "default" | quote }}
    operator.istio.io/component: "Pilot"
    app.kubernetes.io/name: "istiod"
    {{- include "istio.labels" . | nindent 4 }}
spec:
  maxReplicas: {{ $v.autoscaleMax }}
  minReplicas: {{ $v.autoscaleMin }}
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "istiod.name" . }}
  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: {{ $v.cpu.targetAverageUtilization }}
  {{- with $v.memory.targetAverageUtilization }}
  - type: Resource
    resource:
      name: memory
      target:
        type: Utilization
        averageUtilization: {{ . }}
  {{- end }}
  {{- with $v.autoscaleBehavior }}
  behavior:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
`,
  'templates/poddisruptionbudget.yaml': `{{- $v := include "istio.values" . | fromYaml }}
{{- if or $v.podDisruptionBudget $v.global.defaultPodDisruptionBudget.enabled }}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "istiod.name" . }}
  namespace: {{ .Release.Namespace }}
  labels:
    app: istiod
    istio.io/rev: {{ $v.revision | default "default" | quote }}
    operator.istio.io/component: "Pilot"
    release: {{ .Release.Name }}
    istio: pilot
    app.kubernetes.io/name: "istiod"
    {{- include "istio.labels" . | nindent 4 }}
spec:
  {{- if $v.podDisruptionBudget }}
  {{- toYaml $v.podDisruptionBudget | nindent 2 }}
  {{- else }}
  minAvailable: 1
  {{- end }}
  selector:
    matchLabels:
      app: istiod
      {{- with $v.revision }}
      istio.io/rev: {{ . | quote }}
      {{- else }}
      istio: pilot
      {{- end }}
{{- end }}
`,
};
