package kubelet

import (
	"context"
	"fmt"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kubernetes/pkg/api/v1/resource"
	"k8s.io/kubernetes/pkg/fieldpath"
	"k8s.io/kubernetes/third_party/forked/golang/expansion"
)

// environment is what a container finds in its environment: where the API server is, and what its specification says.
// It also gives the arguments, whose variables are replaced.
func (k *Kubelet) environment(ctx context.Context, pod *core.Pod, of core.Container) (variables, arguments []string, err error) {
	values := map[string]string{
		"KUBERNETES_SERVICE_HOST": k.cluster.ServiceHost, "KUBERNETES_SERVICE_PORT": "443", "KUBERNETES_SERVICE_PORT_HTTPS": "443",
	}
	for _, variable := range of.Env {
		value := expansion.Expand(variable.Value, expansion.MappingFuncFor(values))
		if variable.ValueFrom != nil {
			if value, err = k.value(ctx, pod, of, *variable.ValueFrom); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", variable.Name, err)
			}
		}
		values[variable.Name] = value
	}
	if len(of.EnvFrom) > 0 {
		return nil, nil, fmt.Errorf("envFrom: the lab's kubelet does not know it")
	}
	for name, value := range values {
		variables = append(variables, name+"="+value)
	}
	for _, argument := range append(append([]string{}, of.Command...), of.Args...) {
		arguments = append(arguments, expansion.Expand(argument, expansion.MappingFuncFor(values)))
	}
	return variables, arguments, nil
}

func (k *Kubelet) value(ctx context.Context, pod *core.Pod, of core.Container, from core.EnvVarSource) (string, error) {
	switch {
	case from.FieldRef != nil:
		return field(pod, from.FieldRef.FieldPath)
	case from.ResourceFieldRef != nil:
		return resource.ExtractResourceValueByContainerNameAndNodeAllocatable(from.ResourceFieldRef, pod, of.Name, allocatable)
	case from.ConfigMapKeyRef != nil:
		reference := from.ConfigMapKeyRef
		found, err := k.client.CoreV1().ConfigMaps(pod.Namespace).Get(ctx, reference.Name, meta.GetOptions{})
		if err != nil {
			return "", unless(reference.Optional, err)
		}
		return found.Data[reference.Key], nil
	case from.SecretKeyRef != nil:
		reference := from.SecretKeyRef
		found, err := k.client.CoreV1().Secrets(pod.Namespace).Get(ctx, reference.Name, meta.GetOptions{})
		if err != nil {
			return "", unless(reference.Optional, err)
		}
		return string(found.Data[reference.Key]), nil
	}
	return "", fmt.Errorf("the lab's kubelet does not know this source: %v", from)
}

// field is a field of a pod, as the downward API has it.
func field(pod *core.Pod, path string) (string, error) {
	switch path {
	case "spec.nodeName":
		return pod.Spec.NodeName, nil
	case "spec.serviceAccountName":
		return pod.Spec.ServiceAccountName, nil
	case "status.hostIP":
		return pod.Status.HostIP, nil
	case "status.podIP":
		return pod.Status.PodIP, nil
	}
	return fieldpath.ExtractFieldPathAsString(pod, path)
}
