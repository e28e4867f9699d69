package gitops

import (
	"encoding/json"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/cmpserver/plugin"
	kustomizev1 "github.com/fluxcd/kustomize-controller/api/v1"
	sourcev1 "github.com/fluxcd/source-controller/api/v1"
	"github.com/google/cel-go/cel"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

func asMap(t *testing.T, value any) map[string]any {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := json.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	return object
}

// The sidecar on Argo CD's own repo-server: what it mounts is there, and it has the rights of nobody.
func TestTheSidecarFitsTheRepoServer(t *testing.T) {
	root := t.TempDir()
	copyTree(t, filepath.Join(repositoryRoot, "examples/argocd"), root)
	for from, to := range map[string]string{"repo-server/argocd-repo-server-deployment.yaml": "deployment.yaml", "config/argocd-cmd-params-cm.yaml": "params-cm.yaml"} {
		write(t, filepath.Join(root, "installation", to), read(t, filepath.Join(argoCD(t), "manifests/base", from)))
	}
	const namespace = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: argocd\n"
	write(t, filepath.Join(root, "installation/kustomization.yaml"), namespace+"resources: [deployment.yaml, params-cm.yaml]\n")
	kustomization := read(t, filepath.Join(root, "kustomization.yaml"))
	write(t, filepath.Join(root, "kustomization.yaml"), strings.Replace(kustomization, "resources: []", "resources: [installation]", 1))

	var deployment appsv1.Deployment
	configMaps := map[string]corev1.ConfigMap{}
	for _, object := range kustomized(t, root) {
		text, err := yaml.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		switch object["kind"] {
		case "Deployment":
			err = yaml.UnmarshalStrict(text, &deployment)
		case "ConfigMap":
			var configMap corev1.ConfigMap
			err = yaml.UnmarshalStrict(text, &configMap)
			configMaps[configMap.Name] = configMap
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	pod := deployment.Spec.Template.Spec
	if len(pod.Containers) != 2 {
		t.Fatalf("%d containers", len(pod.Containers))
	}
	sidecar, server := pod.Containers[0], pod.Containers[1]
	if sidecar.Name != "meshfedc" {
		sidecar, server = server, sidecar
	}
	volumes := map[string]corev1.Volume{}
	for _, volume := range pod.Volumes {
		volumes[volume.Name] = volume
	}
	served := map[string]string{}
	for _, mount := range server.VolumeMounts {
		served[mount.MountPath] = mount.Name
	}
	for _, mount := range sidecar.VolumeMounts {
		volume, there := volumes[mount.Name]
		if !there {
			t.Errorf("there is no volume %s", mount.Name)
		}
		if mount.MountPath == "/tmp" && (volume.EmptyDir == nil || served["/tmp"] == mount.Name) {
			t.Error("/tmp is not the sidecar's own")
		}
		if volume.ConfigMap != nil {
			config := configMaps[volume.ConfigMap.Name]
			if config.Data[mount.SubPath] != shipped(t, "argocd/plugin.yaml") {
				t.Errorf("%s does not hold plugin.yaml", volume.ConfigMap.Name)
			}
		}
	}
	if sockets := "/home/argocd/cmp-server/plugins"; served[sockets] != "plugins" {
		t.Errorf("the repo-server looks for plugins in the volume %q", served[sockets])
	}
	if configMaps["argocd-cmd-params-cm"].Data["reposerver.plugin.tar.exclusions"] != ".git/*" {
		t.Errorf("%v", configMaps["argocd-cmd-params-cm"].Data)
	}
	checkRestricted(t, pod, sidecar)
}

// checkRestricted asks for what the Pod Security Standard `restricted` asks for, and for a read-only root besides.
func checkRestricted(t *testing.T, pod corev1.PodSpec, container corev1.Container) {
	t.Helper()
	type rights struct {
		User                         int64
		NonRoot, ReadOnly, Escalates bool
		Dropped                      []corev1.Capability
		Seccomp                      corev1.SeccompProfileType
	}
	var got rights
	of, whole := container.SecurityContext, pod.SecurityContext
	if whole == nil {
		whole = &corev1.PodSecurityContext{}
	}
	got.Dropped, got.Escalates, got.ReadOnly = of.Capabilities.Drop, *of.AllowPrivilegeEscalation, *of.ReadOnlyRootFilesystem
	for _, user := range []*int64{whole.RunAsUser, of.RunAsUser} {
		if user != nil {
			got.User = *user
		}
	}
	for _, nonRoot := range []*bool{whole.RunAsNonRoot, of.RunAsNonRoot} {
		if nonRoot != nil {
			got.NonRoot = *nonRoot
		}
	}
	for _, profile := range []*corev1.SeccompProfile{whole.SeccompProfile, of.SeccompProfile} {
		if profile != nil {
			got.Seccomp = profile.Type
		}
	}
	want := rights{999, true, true, false, []corev1.Capability{"ALL"}, corev1.SeccompProfileTypeRuntimeDefault}
	if !reflect.DeepEqual(got, want) || len(of.Capabilities.Add) > 0 {
		t.Errorf("%+v, not %+v", got, want)
	}
}

func TestTheJobHasTheRightsOfNobody(t *testing.T) {
	pod := job(t).Spec.Template.Spec
	checkRestricted(t, pod, pod.Containers[0])
	if *pod.AutomountServiceAccountToken || pod.RestartPolicy != corev1.RestartPolicyNever {
		t.Errorf("%+v", pod)
	}
}

func TestTheFluxManifestsFitFluxsTypes(t *testing.T) {
	texts := documents(t, "flux/east-cluster.yaml")
	if len(texts) != 2 {
		t.Fatalf("%d documents", len(texts))
	}
	var source sourcev1.GitRepository
	var kustomization kustomizev1.Kustomization
	if err := yaml.UnmarshalStrict(texts[0], &source); err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict(texts[1], &kustomization); err != nil {
		t.Fatal(err)
	}
	if source.GroupVersionKind() != sourcev1.GroupVersion.WithKind("GitRepository") ||
		kustomization.GroupVersionKind() != kustomizev1.GroupVersion.WithKind("Kustomization") {
		t.Errorf("%s, %s", source.GroupVersionKind(), kustomization.GroupVersionKind())
	}
	spec := kustomization.Spec
	if spec.SourceRef.Kind != "GitRepository" || spec.SourceRef.Name != source.Name || kustomization.Namespace != source.Namespace {
		t.Errorf("%+v is not the source", spec.SourceRef)
	}
	if len(source.Spec.SparseCheckout) != 1 || spec.Path != "./"+source.Spec.SparseCheckout[0] {
		t.Errorf("%s is not what is fetched: %v", spec.Path, source.Spec.SparseCheckout)
	}
	if len(spec.DependsOn) == 0 || !spec.Prune || !spec.Wait || spec.TargetNamespace != "" || spec.PostBuild != nil {
		t.Errorf("%+v", spec)
	}
}

// The health expressions are CEL, and say of a Gateway's status what Flux should wait for.
func TestTheHealthExpressionsReadAGateway(t *testing.T) {
	var kustomization kustomizev1.Kustomization
	if err := yaml.UnmarshalStrict(documents(t, "flux/east-cluster.yaml")[1], &kustomization); err != nil {
		t.Fatal(err)
	}
	check := kustomization.Spec.HealthCheckExprs[0]
	if check.APIVersion != "gateway.networking.k8s.io/v1" || check.Kind != "Gateway" {
		t.Errorf("%+v", check)
	}
	environment, err := cel.NewEnv(cel.Variable("status", cel.DynType))
	if err != nil {
		t.Fatal(err)
	}
	says := func(expression, programmed string) bool {
		ast, issues := environment.Compile(expression)
		if issues.Err() != nil {
			t.Fatal(issues.Err())
		}
		program, err := environment.Program(ast)
		if err != nil {
			t.Fatal(err)
		}
		conditions := []any{map[string]any{"type": "Accepted", "status": "True"}, map[string]any{"type": "Programmed", "status": programmed}}
		value, _, err := program.Eval(map[string]any{"status": map[string]any{"conditions": conditions}})
		if err != nil {
			t.Fatal(err)
		}
		return value.Value().(bool)
	}
	for programmed, current := range map[string]bool{"True": true, "False": false, "Unknown": false} {
		if says(check.Current, programmed) != current || says(check.InProgress, programmed) == current {
			t.Errorf("Programmed=%s: current is %v", programmed, !current)
		}
	}
}

// CMakeLists.txt has the version; what users copy from examples/ follows it.
func TestTheVersionIsTheCompilers(t *testing.T) {
	var version struct{ Version string }
	if err := json.Unmarshal(run(t, "version", "--output", "json"), &version); err != nil || version.Version == "" {
		t.Fatalf("%v", err)
	}
	config, err := plugin.ReadPluginConfig(filepath.Join(repositoryRoot, "examples/argocd"))
	if err != nil {
		t.Fatal(err)
	}
	if config.Spec.Version != "v"+version.Version {
		t.Errorf("plugin.yaml is of %s, the compiler of %s", config.Spec.Version, version.Version)
	}
	for file, text := range map[string]string{
		"README.md":                           "  rev: v" + version.Version + "\n",
		"argocd/plugin.yaml":                  "`meshfedc-v" + version.Version + "`",
		"argocd/applicationset-plugin.yaml":   "name: meshfedc-v" + version.Version + "\n",
		"argocd/applicationset-hydrator.yaml": "name: meshfedc-v" + version.Version + "\n",
		"argocd/repo-server.yaml":             "image: meshfedc:" + version.Version + " ",
		"sharded-job/job.yaml":                "image: meshfedc:" + version.Version + " ",
	} {
		if !strings.Contains(shipped(t, file), text) {
			t.Errorf("examples/%s does not hold %q", file, text)
		}
	}
}
