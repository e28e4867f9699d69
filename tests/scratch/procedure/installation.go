package procedure

import (
	"fmt"
	"os"

	"meshfedc/lab/install"
	"meshfedc/scratch/cluster"
)

// The settings in which the lab differs from what `install` writes, because Envoy, as it is published, lacks Istio's own
// filters. There are three, of which two are variables of istiod. The third is in testdata/telemetry.yaml.
var without = []string{"PILOT_ENABLE_METADATA_EXCHANGE", "PILOT_ENABLE_ALPN_FILTER"}

// Installation is what Istio's charts make of the values that meshfedc writes for a cluster, and the Namespace beside them.
func (t Trees) Installation(name string) ([]cluster.Object, error) {
	directory := t.path("out-install", name)
	text, err := os.ReadFile(directory + "/namespace.yaml")
	if err != nil {
		return nil, err
	}
	objects, err := cluster.Parse(text)
	if err != nil {
		return nil, err
	}
	rendered, err := install.Render(directory)
	for _, one := range rendered {
		objects = append(objects, *one.Unstructured)
	}
	return objects, err
}

// Differ gives istiod the two variables.
func Differ(installation []cluster.Object) error {
	for _, object := range installation {
		if object.GetKind() != "Deployment" {
			continue
		}
		container, err := Container(object)
		if err != nil {
			return err
		}
		variables := container["env"].([]any)
		for _, name := range without {
			variables = append(variables, map[string]any{"name": name, "value": "false"})
		}
		container["env"] = variables
	}
	return nil
}

// Container is the only one of a Deployment.
func Container(deployment cluster.Object) (map[string]any, error) {
	template, _ := deployment.Object["spec"].(map[string]any)["template"].(map[string]any)
	containers, _ := template["spec"].(map[string]any)["containers"].([]any)
	if len(containers) != 1 {
		return nil, fmt.Errorf("Deployment %s has %d containers", deployment.GetName(), len(containers))
	}
	return containers[0].(map[string]any), nil
}
