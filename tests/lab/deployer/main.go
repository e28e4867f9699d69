// Command deployer runs istiod's own controller that deploys Gateways, against one API server, with the templates and
// values that Istio's chart installs. It runs until it is killed.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"istio.io/istio/operator/pkg/manifest"
	"istio.io/istio/operator/pkg/render"
	"istio.io/istio/operator/pkg/util/clog"
	"istio.io/istio/pilot/pkg/config/kube/gatewaycommon"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/config/mesh/meshwatcher"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/inject"
	"istio.io/istio/pkg/revisions"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

const system = "istio-system"

func main() {
	server := flag.String("server", "", "URL of the API server")
	authority := flag.String("ca", "", "file with the certificate of its authority")
	token := flag.String("token", "", "bearer token")
	flag.Parse()
	if err := run(access(*server, *authority, *token)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func access(server, authority, token string) clientcmd.ClientConfig {
	config := api.NewConfig()
	config.Clusters["lab"] = &api.Cluster{Server: server, CertificateAuthority: authority}
	config.AuthInfos["lab"] = &api.AuthInfo{Token: token}
	config.Contexts["lab"] = &api.Context{Cluster: "lab", AuthInfo: "lab"}
	config.CurrentContext = "lab"
	return clientcmd.NewDefaultClientConfig(*config, nil)
}

func run(access clientcmd.ClientConfig) error {
	installed, err := webhookConfig()
	if err != nil {
		return err
	}
	client, err := kube.NewClient(access, "lab")
	if err != nil {
		return err
	}
	client = kube.EnableCrdWatcher(client)
	environment := model.NewEnvironment()
	environment.Watcher = meshwatcher.NewTestWatcher(installed.MeshConfig)
	environment.PushContext().ProxyConfigs = &model.ProxyConfigs{}
	environment.PushContext().InitDone.Store(true)
	tags := revisions.NewTagWatcher(client, "default", system)
	controller := gatewaycommon.NewDeploymentController(client, "lab", environment,
		func() inject.WebhookConfig { return installed }, func(func()) {}, tags, "default", system)

	forever := make(chan struct{})
	client.RunAndWait(forever)
	go tags.Run(forever)
	controller.Run(forever)
	return nil
}

// webhookConfig is what istiod reads from the ConfigMap of its injector, which Istio's chart writes.
func webhookConfig() (inject.WebhookConfig, error) {
	sets, _, err := render.GenerateManifest(nil, []string{"profile=minimal"}, false, nil, clog.NewConsoleLogger(io.Discard, io.Discard, nil))
	if err != nil {
		return inject.WebhookConfig{}, err
	}
	for _, set := range sets {
		for _, object := range set.Manifests {
			if object.GetKind() == "ConfigMap" && object.GetName() == "istio-sidecar-injector" {
				return parse(object)
			}
		}
	}
	return inject.WebhookConfig{}, fmt.Errorf("Istio's chart has no ConfigMap istio-sidecar-injector")
}

func parse(injector manifest.Manifest) (inject.WebhookConfig, error) {
	data, ok := injector.Object["data"].(map[string]any)
	if !ok {
		return inject.WebhookConfig{}, fmt.Errorf("%s has no data", injector.GetName())
	}
	config, err := inject.UnmarshalConfig([]byte(data["config"].(string)))
	if err != nil {
		return inject.WebhookConfig{}, err
	}
	values, err := inject.NewValuesConfig(data["values"].(string))
	return inject.WebhookConfig{Templates: config.Templates, Values: values, MeshConfig: mesh.DefaultMeshConfig()}, err
}
