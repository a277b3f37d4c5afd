/**
 * Kinds that clients send as JSON or YAML only, in the notation of `message-table.ts` without the numbers.
 * `json` is any JSON value.
 */
export const jsonOnlyTable = `
package apiextensions.v1
CustomResourceDefinition: metadata meta.v1.ObjectMeta, spec .CustomResourceDefinitionSpec, status .CustomResourceDefinitionStatus
CustomResourceDefinitionSpec: group string, names .CustomResourceDefinitionNames, scope string,
  versions .CustomResourceDefinitionVersion[], conversion .CustomResourceConversion, preserveUnknownFields bool
CustomResourceDefinitionNames: plural string, singular string, shortNames string[], kind string, listKind string,
  categories string[]
CustomResourceDefinitionVersion: name string, served bool, storage bool, deprecated bool, deprecationWarning string?,
  schema .CustomResourceValidation, subresources .CustomResourceSubresources,
  additionalPrinterColumns .CustomResourceColumnDefinition[], selectableFields .SelectableField[]
CustomResourceValidation: openAPIV3Schema json
CustomResourceSubresources: status .CustomResourceSubresourceStatus, scale .CustomResourceSubresourceScale
CustomResourceSubresourceStatus:
CustomResourceSubresourceScale: specReplicasPath string, statusReplicasPath string, labelSelectorPath string?
CustomResourceColumnDefinition: name string, type string, format string, description string, priority int32,
  jsonPath string
SelectableField: jsonPath string
CustomResourceConversion: strategy string, webhook .WebhookConversion
WebhookConversion: clientConfig admissionregistration.v1.WebhookClientConfig, conversionReviewVersions string[]
CustomResourceDefinitionStatus: conditions .CustomResourceDefinitionCondition[],
  acceptedNames .CustomResourceDefinitionNames, storedVersions string[]
CustomResourceDefinitionCondition: type string, status string, lastTransitionTime meta.v1.Time, reason string,
  message string
package apiregistration.v1
APIService: metadata meta.v1.ObjectMeta, spec .APIServiceSpec, status .APIServiceStatus
APIServiceSpec: service .ServiceReference, group string, version string, insecureSkipTLSVerify bool, caBundle bytes,
  groupPriorityMinimum int32, versionPriority int32
ServiceReference: namespace string, name string, port int32?
APIServiceStatus: conditions .APIServiceCondition[]
APIServiceCondition: type string, status string, lastTransitionTime meta.v1.Time, reason string, message string
package storage.v1
StorageClass: metadata meta.v1.ObjectMeta, provisioner string, parameters {string}, reclaimPolicy string?,
  mountOptions string[], allowVolumeExpansion bool?, volumeBindingMode string?,
  allowedTopologies .TopologySelectorTerm[]
TopologySelectorTerm: matchLabelExpressions .TopologySelectorLabelRequirement[]
TopologySelectorLabelRequirement: key string, values string[]
package core.v1
PersistentVolume: metadata meta.v1.ObjectMeta, spec .PersistentVolumeSpec, status .PersistentVolumeStatus
PersistentVolumeSpec: capacity {meta.v1.Quantity}, persistentVolumeSource .VolumeSource!, local .LocalVolumeSource,
  accessModes string[], claimRef .ObjectReference, persistentVolumeReclaimPolicy string, storageClassName string,
  mountOptions string[], volumeMode string?, nodeAffinity .VolumeNodeAffinity, volumeAttributesClassName string?
LocalVolumeSource: path string, fsType string?
VolumeNodeAffinity: required .NodeSelector
PersistentVolumeStatus: phase string, message string, reason string, lastPhaseTransitionTime meta.v1.Time
PodTemplate: metadata meta.v1.ObjectMeta, template .PodTemplateSpec
ReplicationController: metadata meta.v1.ObjectMeta, spec .ReplicationControllerSpec, status .ReplicationControllerStatus
ReplicationControllerSpec: replicas int32?, minReadySeconds int32, selector {string}, template .PodTemplateSpec
ReplicationControllerStatus: replicas int32, fullyLabeledReplicas int32, readyReplicas int32, availableReplicas int32,
  observedGeneration int64, conditions json[]
package apps.v1
ControllerRevision: metadata meta.v1.ObjectMeta, data json, revision int64
package admissionregistration.v1
ValidatingAdmissionPolicy: metadata meta.v1.ObjectMeta, spec .ValidatingAdmissionPolicySpec,
  status .ValidatingAdmissionPolicyStatus
ValidatingAdmissionPolicySpec: paramKind .ParamKind, matchConstraints .MatchResources, validations .Validation[],
  failurePolicy string?, auditAnnotations .AuditAnnotation[], matchConditions .MatchCondition[], variables .Variable[]
ParamKind: apiVersion string, kind string
MatchResources: namespaceSelector meta.v1.LabelSelector, objectSelector meta.v1.LabelSelector,
  resourceRules .NamedRuleWithOperations[], excludeResourceRules .NamedRuleWithOperations[], matchPolicy string?
NamedRuleWithOperations: resourceNames string[], ruleWithOperations .RuleWithOperations!
Validation: expression string, message string, reason string?, messageExpression string
AuditAnnotation: key string, valueExpression string
Variable: name string, expression string
ValidatingAdmissionPolicyStatus: observedGeneration int64, typeChecking .TypeChecking, conditions meta.v1.Condition[]
TypeChecking: expressionWarnings .ExpressionWarning[]
ExpressionWarning: fieldRef string, warning string
ValidatingAdmissionPolicyBinding: metadata meta.v1.ObjectMeta, spec .ValidatingAdmissionPolicyBindingSpec
ValidatingAdmissionPolicyBindingSpec: policyName string, paramRef .ParamRef, matchResources .MatchResources,
  validationActions string[]
ParamRef: name string, namespace string, selector meta.v1.LabelSelector, parameterNotFoundAction string?
package events.v1
Event: metadata meta.v1.ObjectMeta, eventTime meta.v1.MicroTime, series .EventSeries, reportingController string,
  reportingInstance string, action string, reason string, regarding core.v1.ObjectReference,
  related core.v1.ObjectReference, note string, type string, deprecatedSource core.v1.EventSource,
  deprecatedFirstTimestamp meta.v1.Time, deprecatedLastTimestamp meta.v1.Time, deprecatedCount int32
EventSeries: count int32, lastObservedTime meta.v1.MicroTime
package metrics.v1beta1
PodMetrics: metadata meta.v1.ObjectMeta, timestamp meta.v1.Time, window string, containers .ContainerMetrics[]
ContainerMetrics: name string, usage {meta.v1.Quantity}
NodeMetrics: metadata meta.v1.ObjectMeta, timestamp meta.v1.Time, window string, usage {meta.v1.Quantity}
`;
