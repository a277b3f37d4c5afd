/**
 * The fields that a message can't do without, by the published API (v1.33): texts, lists and messages that the API
 * server refuses to be absent or empty, in the notation of `message-table.ts`. Left out is what its validation takes
 * although the API calls it required (numbers, whose zero is judged by itself; `LimitRangeSpec.limits`), what it
 * answers with other words than `Required value` (roles, operators, ports), and everything below `status`.
 */
export const requiredTable = `
package core.v1
PodSpec: containers
Volume: name
HostPathVolumeSource: path
GCEPersistentDiskVolumeSource: pdName
AWSElasticBlockStoreVolumeSource: volumeID
GitRepoVolumeSource: repository
KeyToPath: key path
NFSVolumeSource: path server
ISCSIVolumeSource: iqn targetPortal
GlusterfsVolumeSource: endpoints path
PersistentVolumeClaimVolumeSource: claimName
RBDVolumeSource: image monitors
FlexVolumeSource: driver
CinderVolumeSource: volumeID
CephFSVolumeSource: monitors
DownwardAPIVolumeFile: path
ObjectFieldSelector: fieldPath
ResourceFieldSelector: resource
AzureFileVolumeSource: secretName shareName
VsphereVirtualDiskVolumeSource: volumePath
QuobyteVolumeSource: registry volume
AzureDiskVolumeSource: diskName diskURI
PhotonPersistentDiskVolumeSource: pdID
ServiceAccountTokenProjection: path
ClusterTrustBundleProjection: path
PortworxVolumeSource: volumeID
ScaleIOVolumeSource: gateway secretRef system
CSIVolumeSource: driver
LocalVolumeSource: path
TypedLocalObjectReference: kind name
TypedObjectReference: kind name
Container: name image
EnvVar: name
ConfigMapKeySelector: key
SecretKeySelector: key
ResourceClaim: name
ContainerResizePolicy: resourceName restartPolicy
VolumeMount: mountPath name
VolumeDevice: devicePath name
HTTPHeader: name
SeccompProfile: type
AppArmorProfile: type
Sysctl: name
NodeSelector: nodeSelectorTerms
PreferredSchedulingTerm: preference
PodAffinityTerm: topologyKey
WeightedPodAffinityTerm: podAffinityTerm
TopologySpreadConstraint: topologyKey
PodOS: name
PodSchedulingGate: name
PodResourceClaim: name
Taint: key
LimitRangeItem: type
ScopedResourceSelectorRequirement: operator scopeName
Binding: target
package meta.v1
OwnerReference: apiVersion kind name uid
LabelSelectorRequirement: key
package apps.v1
DeploymentSpec: selector template
ReplicaSetSpec: selector template
StatefulSetSpec: selector template
DaemonSetSpec: selector template
package batch.v1
JobSpec: template
PodFailurePolicyRule: action
PodFailurePolicyOnExitCodesRequirement: operator values
SuccessPolicy: rules
CronJobSpec: jobTemplate schedule
package networking.v1
IngressServiceBackend: name
HTTPIngressRuleValue: paths
HTTPIngressPath: backend pathType
IPBlock: cidr
IngressClassParametersReference: kind name
package rbac.v1
PolicyRule: verbs
Subject: name
package autoscaling.v2
HorizontalPodAutoscalerSpec: scaleTargetRef
CrossVersionObjectReference: kind name
MetricSpec: type
ObjectMetricSource: describedObject metric target
MetricTarget: type
MetricIdentifier: name
PodsMetricSource: metric target
ResourceMetricSource: name target
ContainerResourceMetricSource: container name target
ExternalMetricSource: metric target
package discovery.v1
EndpointSlice: addressType
Endpoint: addresses
ForZone: name
package admissionregistration.v1
MutatingWebhook: admissionReviewVersions clientConfig name sideEffects
ServiceReference: name namespace
MatchCondition: expression name
ValidatingWebhook: admissionReviewVersions clientConfig name sideEffects
Validation: expression
AuditAnnotation: key valueExpression
Variable: expression name
package apiextensions.v1
CustomResourceDefinitionSpec: group names scope versions
CustomResourceDefinitionNames: kind plural
CustomResourceDefinitionVersion: name
CustomResourceSubresourceScale: specReplicasPath statusReplicasPath
CustomResourceColumnDefinition: jsonPath name type
SelectableField: jsonPath
CustomResourceConversion: strategy
package storage.v1
StorageClass: provisioner
TopologySelectorLabelRequirement: key values
`;

/** What Kubernetes adds after `Required value: `, where it does. */
export const requiredDetails: Readonly<Record<string, string>> = {
  'core.v1.NodeSelector.nodeSelectorTerms': 'must have at least one node selector term',
  'networking.v1.HTTPIngressPath.pathType': 'pathType must be specified',
  'rbac.v1.PolicyRule.verbs': 'verbs must contain at least one value',
  'autoscaling.v2.MetricSpec.type': 'must specify a metric source type',
  'autoscaling.v2.MetricTarget.type': 'must specify a metric target type',
  'autoscaling.v2.MetricIdentifier.name': 'must specify a metric name',
  'autoscaling.v2.ResourceMetricSource.name': 'must specify a resource name',
  'discovery.v1.Endpoint.addresses': 'must contain at least 1 address',
  'admissionregistration.v1.MutatingWebhook.sideEffects': 'must specify one of None, NoneOnDryRun',
  'admissionregistration.v1.ValidatingWebhook.sideEffects': 'must specify one of None, NoneOnDryRun',
  'admissionregistration.v1.MutatingWebhook.admissionReviewVersions': 'must specify one of v1, v1beta1',
  'admissionregistration.v1.ValidatingWebhook.admissionReviewVersions': 'must specify one of v1, v1beta1',
};
