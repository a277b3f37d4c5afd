/** `values.yaml` of the chart `istiod`. */
export function istiodValues(hub: string, tag: string): string {
  return `# Defaults; set the same names at the top level (or under "pilot") to change them.
_internal_defaults_do_not_set:
  autoscaleEnabled: true
  autoscaleMin: 1
  autoscaleMax: 5
  autoscaleBehavior: {}
  replicaCount: 1
  rollingMaxSurge: 100%
  rollingMaxUnavailable: 25%
  hub: ""
  tag: ""
  variant: ""
  image: pilot
  # Share of requests that are traced, in per cent.
  traceSampling: 1.0
  resources:
    requests:
      cpu: 500m
      memory: 2048Mi
  cpu:
    targetAverageUtilization: 80
  memory: {}
  env: {}
  envVarFrom: []
  extraContainerArgs: []
  keepaliveMaxServerConnectionAge: 30m
  jwksResolverExtraRootCA: ""
  volumes: []
  volumeMounts: []
  nodeSelector: {}
  affinity: {}
  tolerations: []
  topologySpreadConstraints: []
  podAnnotations: {}
  podLabels: {}
  serviceAnnotations: {}
  serviceAccountAnnotations: {}
  sidecarInjectorWebhookAnnotations: {}
  deploymentLabels: {}
  # Create the ConfigMap "istio" from meshConfig below.
  configMap: true
  cni:
    enabled: false
    provider: default
  taint:
    enabled: false
    namespace: ""
  ipFamilyPolicy: ""
  ipFamilies: []
  revision: ""
  revisionTags: []
  defaultRevision: "default"
  compatibilityVersion: ""
  ownerName: ""
  trustedZtunnelNamespace: ""
  sidecarInjectorWebhook:
    neverInjectSelector: []
    alwaysInjectSelector: []
    injectedAnnotations: {}
    enableNamespacesByDefault: false
    reinvocationPolicy: Never
    rewriteAppHTTPProbe: true
    templates: {}
    defaultTemplates: []
  istiodRemote:
    enabled: false
    injectionURL: ""
    injectionPath: "/inject"
    injectionCABundle: ""
  telemetry:
    enabled: true
    v2:
      enabled: true
      prometheus:
        enabled: true
      stackdriver:
        enabled: false
  podDisruptionBudget: {}
  meshConfig:
    enablePrometheusMerge: true
  experimental:
    stableValidationPolicy: false
  global:
    hub: ${hub}
    tag: ${tag}
    variant: ""
    imagePullPolicy: ""
    imagePullSecrets: []
    istioNamespace: istio-system
    priorityClassName: ""
    defaultPodDisruptionBudget:
      enabled: true
    configCluster: false
    resourceScope: all
    externalIstiod: false
    mountMtlsCerts: false
    logging:
      level: "default:info"
    logAsJson: false
    meshID: ""
    network: ""
    multiCluster:
      enabled: false
      clusterName: ""
    pilotCertProvider: istiod
    caAddress: ""
    caName: ""
    sts:
      servicePort: 0
    operatorManageWebhooks: false
    omitSidecarInjectorConfigMap: false
    proxy:
      image: proxyv2
      autoInject: enabled
      clusterDomain: cluster.local
      componentLogLevel: "misc:error"
      logLevel: warning
      privileged: false
      enableCoreDump: false
      includeIPRanges: "*"
      excludeIPRanges: ""
      includeInboundPorts: "*"
      excludeInboundPorts: ""
      includeOutboundPorts: ""
      excludeOutboundPorts: ""
      statusPort: 15020
      tracer: "none"
      readinessInitialDelaySeconds: 0
      readinessPeriodSeconds: 15
      readinessFailureThreshold: 4
      startupProbe:
        enabled: true
        failureThreshold: 600
      resources:
        requests:
          cpu: 100m
          memory: 128Mi
        limits:
          cpu: 2000m
          memory: 1024Mi
    proxy_init:
      image: proxyv2
      forceApplyIptables: false
`;
}
