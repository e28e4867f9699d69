package procedure

import (
	"context"
	"fmt"
	"time"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"meshfedc/scratch/cluster"
)

// Scale sets the number of pods of a Deployment, as `kubectl scale` does, and waits for them.
func Scale(ctx context.Context, c *cluster.Cluster, namespace, name string, replicas int32) error {
	deployments := c.Client.AppsV1().Deployments(namespace)
	scale, err := deployments.GetScale(ctx, name, meta.GetOptions{})
	if err != nil {
		return err
	}
	scale.Spec.Replicas = replicas
	if _, err := deployments.UpdateScale(ctx, name, scale, meta.UpdateOptions{}); err != nil {
		return err
	}
	return Available(ctx, c, namespace, name)
}

// Restart gives a Deployment new pods, as `kubectl rollout restart` does, and waits for them.
func Restart(ctx context.Context, c *cluster.Cluster, namespace, name string) error {
	if err := BeginRestart(ctx, c, namespace, name); err != nil {
		return err
	}
	return Available(ctx, c, namespace, name)
}

// BeginRestart does not wait.
func BeginRestart(ctx context.Context, c *cluster.Cluster, namespace, name string) error {
	patch := fmt.Sprintf(`{"spec": {"template": {"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": %q}}}}}`, time.Now().Format(time.RFC3339Nano))
	_, err := c.Client.AppsV1().Deployments(namespace).Patch(ctx, name, types.StrategicMergePatchType, []byte(patch), meta.PatchOptions{})
	return err
}

// ConfigureMesh adds lines to the mesh config of a cluster, and gives back what undoes it.
func ConfigureMesh(ctx context.Context, c *cluster.Cluster, lines string) (undo func() error, err error) {
	maps := c.Client.CoreV1().ConfigMaps("istio-system")
	found, err := maps.Get(ctx, "istio", meta.GetOptions{})
	if err != nil {
		return nil, err
	}
	before := found.Data["mesh"]
	set := func(text string) error {
		now, err := maps.Get(ctx, "istio", meta.GetOptions{})
		if err != nil {
			return err
		}
		now.Data["mesh"] = text
		_, err = maps.Update(ctx, now, meta.UpdateOptions{FieldManager: Installer})
		return err
	}
	return func() error { return set(before) }, set(before + "\n" + lines)
}

// Programmed waits until istiod has deployed a Gateway.
func Programmed(ctx context.Context, c *cluster.Cluster, name string) error {
	_, err := GatewayAddress(ctx, c, name)
	return err
}

// GatewayAddress waits for the address that a Gateway says it has, once istiod has deployed it.
func GatewayAddress(ctx context.Context, c *cluster.Cluster, name string) (string, error) {
	gateways, err := c.Resource(schema.GroupVersionKind{Group: "gateway.networking.k8s.io", Version: "v1", Kind: "Gateway"}, "istio-system")
	if err != nil {
		return "", err
	}
	var address string
	err = Eventually(ctx, readyIn, func() (bool, error) {
		gateway, err := gateways.Get(ctx, name, meta.GetOptions{})
		if err != nil {
			return false, nil
		}
		status, _ := gateway.Object["status"].(map[string]any)
		addresses, _ := status["addresses"].([]any)
		if len(addresses) == 0 {
			return false, nil
		}
		address, _ = addresses[0].(map[string]any)["value"].(string)
		return programmed(status), nil
	})
	return address, err
}

func programmed(status map[string]any) bool {
	conditions, _ := status["conditions"].([]any)
	for _, one := range conditions {
		condition := one.(map[string]any)
		if condition["type"] == "Programmed" && condition["status"] == "True" {
			return true
		}
	}
	return false
}
