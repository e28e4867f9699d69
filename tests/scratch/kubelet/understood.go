package kubelet

import (
	"fmt"
	"slices"

	core "k8s.io/api/core/v1"
)

// understood is an error for what this kubelet would do wrongly without a word. Environments, probes and volumes of kinds that
// it does not know are refused where they are used.
func understood(spec core.PodSpec) error {
	if spec.HostNetwork || spec.HostPID || spec.HostIPC {
		return fmt.Errorf("the lab's kubelet does not know pods in the namespaces of the node")
	}
	for _, container := range slices.Concat(spec.InitContainers, spec.Containers) {
		if container.LivenessProbe != nil {
			return fmt.Errorf("%s: the lab's kubelet does not know liveness probes", container.Name)
		}
		if container.WorkingDir != "" {
			return fmt.Errorf("%s: the lab's kubelet does not know working directories", container.Name)
		}
		for _, mount := range container.VolumeMounts {
			if mount.SubPath != "" || mount.SubPathExpr != "" {
				return fmt.Errorf("%s: the lab's kubelet does not know parts of volumes", container.Name)
			}
		}
	}
	return nil
}
