package gitops

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/applicationset/utils"
	"github.com/argoproj/argo-cd/v3/cmpserver/plugin"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	kustomizev1 "github.com/fluxcd/kustomize-controller/api/v1"
	sourcev1 "github.com/fluxcd/source-controller/api/v1"
	"github.com/google/cel-go/cel"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	utilvalidation "k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"meshfedc/tests/kube"
)

var applicationSets = []string{
	"applicationset-plugin.yaml", "applicationset-hydrator.yaml",
	"applicationset-directories.yaml", "applicationset-namespaces.yaml", "applicationset-namespace-objects.yaml",
}

// argoCD is the folder of Argo CD's own source, which has its CRDs and manifests.
func argoCD(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-cd/v3").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// validate checks an object as an API server with Argo CD's CRD does: types, enumerations, required fields, and, as with
// strict validation, fields that are not known.
func validate(t *testing.T, crd string, object map[string]any) []string {
	t.Helper()
	var definition apiextensionsv1.CustomResourceDefinition
	if err := yaml.UnmarshalStrict([]byte(read(t, filepath.Join(argoCD(t), "manifests/crds", crd))), &definition); err != nil {
		t.Fatal(err)
	}
	var props apiextensions.JSONSchemaProps
	if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(
		definition.Spec.Versions[0].Schema.OpenAPIV3Schema, &props, nil); err != nil {
		t.Fatal(err)
	}
	structural, err := schema.NewStructural(&props)
	if err != nil {
		t.Fatal(err)
	}
	validator, _, err := validation.NewSchemaValidator(&props)
	if err != nil {
		t.Fatal(err)
	}
	var wrong []string
	for _, problem := range validation.ValidateCustomResource(nil, object, validator) {
		wrong = append(wrong, problem.Error())
	}
	unknown := pruning.PruneWithOptions(object, structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
	for _, path := range unknown {
		wrong = append(wrong, "unknown field "+path)
	}
	return wrong
}

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

func applicationSet(t *testing.T, file string) v1alpha1.ApplicationSet {
	t.Helper()
	var set v1alpha1.ApplicationSet
	if err := yaml.UnmarshalStrict([]byte(shipped(t, "argocd/"+file)), &set); err != nil {
		t.Fatal(err)
	}
	return set
}

func TestTheApplicationSetsFitTheCRD(t *testing.T) {
	for _, file := range applicationSets {
		t.Run(file, func(t *testing.T) {
			var object map[string]any
			if err := yaml.UnmarshalStrict([]byte(shipped(t, "argocd/"+file)), &object); err != nil {
				t.Fatal(err)
			}
			if wrong := validate(t, "applicationset-crd.yaml", object); len(wrong) > 0 {
				t.Error(strings.Join(wrong, "\n"))
			}
			object["spec"].(map[string]any)["template"].(map[string]any)["spec"].(map[string]any)["projct"] = "mesh"
			if wrong := validate(t, "applicationset-crd.yaml", object); len(wrong) != 1 {
				t.Errorf("a misspelt key gives %q", wrong)
			}
		})
	}
}

// application is what the ApplicationSet's template becomes with the parameters that its generators give.
func application(t *testing.T, set v1alpha1.ApplicationSet, parameters map[string]any) v1alpha1.Application {
	t.Helper()
	template := v1alpha1.Application{Spec: set.Spec.Template.Spec}
	template.Name, template.Annotations = set.Spec.Template.Name, set.Spec.Template.Annotations
	application, err := (&utils.Render{}).RenderTemplateParams(&template, nil, parameters, set.Spec.GoTemplate, set.Spec.GoTemplateOptions)
	if err != nil {
		t.Fatal(err)
	}
	object := asMap(t, application)
	object["apiVersion"], object["kind"] = "argoproj.io/v1alpha1", "Application"
	delete(object, "status")
	if wrong := validate(t, "application-crd.yaml", object); len(wrong) > 0 {
		t.Error(strings.Join(wrong, "\n"))
	}
	return *application
}

// argoCluster are the parameters that Argo CD's cluster generator gives for a cluster which it knows by another name.
func argoCluster(cluster string) map[string]any {
	return map[string]any{
		"name": "prod/" + cluster, "nameNormalized": "prod-" + cluster, "server": "https://" + cluster + ".example.com",
		"metadata": map[string]any{"labels": map[string]any{"meshfedc.io/cluster": cluster}, "annotations": map[string]any{}},
	}
}

// gitDirectory are those that its Git generator gives for a directory.
func gitDirectory(path string) map[string]any {
	var segments []any
	for _, segment := range strings.Split(path, "/") {
		segments = append(segments, segment)
	}
	last := segments[len(segments)-1]
	return map[string]any{"path": map[string]any{"path": path, "basename": last, "basenameNormalized": last, "segments": segments}}
}

// From the ApplicationSet to the objects, with Argo CD's own code on every step.
func TestTheApplicationsOfThePluginRenderTheirClusters(t *testing.T) {
	name := servePlugin(t, nil)
	set := applicationSet(t, "applicationset-plugin.yaml")
	root := gitRepository(t, "three-regions")
	_, clusters := clustersOf(t, federationOf("three-regions"))
	for _, cluster := range clusters {
		application := application(t, set, argoCluster(cluster))
		if application.Spec.Source.Plugin.Name != name {
			t.Fatalf("the plugin is called %s, not %s", name, application.Spec.Source.Plugin.Name)
		}
		got, err := generate(t, root, request(application.Name, *application.Spec.Source))
		if err != nil {
			t.Fatal(err)
		}
		same(t, application.Name, stream(t, federationOf("three-regions"), cluster), got)
	}
}

// matrix gives the two generators of a matrix, the second with what the first found filled in.
func matrix(t *testing.T, set v1alpha1.ApplicationSet, parameters map[string]any) (git v1alpha1.GitGenerator, clusters v1alpha1.ClusterGenerator) {
	t.Helper()
	children := set.Spec.Generators[0].Matrix.Generators
	second := &v1alpha1.ApplicationSetGenerator{Clusters: children[1].Clusters}
	filled, err := (&utils.Render{}).RenderGeneratorParams(second, parameters, set.Spec.GoTemplate, set.Spec.GoTemplateOptions)
	if err != nil {
		t.Fatal(err)
	}
	return *children[0].Git, *filled.Clusters
}

func chosen(t *testing.T, patterns []v1alpha1.GitDirectoryGeneratorItem, path string) bool {
	t.Helper()
	taken := false
	for _, pattern := range patterns {
		match, err := filepath.Match(pattern.Path, path)
		if err != nil {
			t.Fatal(err)
		}
		if match {
			taken = !pattern.Exclude
		}
	}
	return taken
}

// A directory that `build` writes gets exactly one Application, by the one set or the other, for the cluster of its name; and
// the Namespaces of a large cluster get one of their own.
func TestTheApplicationsOfDirectoriesAreComplete(t *testing.T) {
	whole, byNamespace := applicationSet(t, "applicationset-directories.yaml"), applicationSet(t, "applicationset-namespaces.yaml")
	namespaceObjects := applicationSet(t, "applicationset-namespace-objects.yaml")
	out := filepath.Join(t.TempDir(), "clusters")
	federation := filepath.Join(t.TempDir(), "federation.toml")
	large := strings.ReplaceAll(read(t, federationOf("seed")), "west-cluster", "large-west")
	write(t, federation, strings.Replace(large, "[defaults]", "[defaults]\nnamespaces = \"create\"", 1))
	run(t, "build", "-f", federation, "-o", out)
	for _, cluster := range []string{"east-cluster", "large-west"} {
		t.Run(cluster, func(t *testing.T) {
			got := kube.Objects{}
			directories, err := filepath.Glob(filepath.Join(out, cluster, "*"))
			if err != nil {
				t.Fatal(err)
			}
			for _, directory := range append(directories, filepath.Join(out, cluster)) {
				if info, err := os.Stat(directory); err != nil || !info.IsDir() {
					continue
				}
				relative, err := filepath.Rel(filepath.Dir(out), directory)
				if err != nil {
					t.Fatal(err)
				}
				for _, set := range []v1alpha1.ApplicationSet{whole, byNamespace, namespaceObjects} {
					git, clusters := matrix(t, set, gitDirectory(relative))
					if !chosen(t, git.Directories, relative) {
						continue
					}
					if label := clusters.Selector.MatchLabels["meshfedc.io/cluster"]; label != cluster {
						t.Errorf("%s is for the cluster %q", relative, label)
					}
					parameters := gitDirectory(relative)
					for key, value := range argoCluster(cluster) {
						parameters[key] = value
					}
					application := application(t, set, parameters)
					if application.Spec.Source.Path != relative || application.Spec.Destination.Server != "https://"+cluster+".example.com" {
						t.Errorf("%+v", application.Spec)
					}
					objects := kustomized(t, directory)
					if as := application.Spec.Source.Directory; as != nil {
						objects = decode(t, []byte(read(t, filepath.Join(directory, as.Include))))
					}
					if err := got.Add(objects); err != nil {
						t.Error(err)
					}
				}
			}
			same(t, "the Applications' directories", stream(t, federation, cluster), got)
		})
	}
}

// Sets that are used together give every Application a name of its own, whatever clusters and namespaces are called; a name
// is a DNS subdomain, also the longest one.
func TestTheNamesOfApplicationsDoNotMeet(t *testing.T) {
	longest := strings.Repeat("a", 63)
	clusters := []string{"large-a", "large-a-b", "large-namespaces", "namespaces", "mesh-a", longest}
	namespaces := []string{"b-shop", "shop", "namespaces", "a", "large-a", "istio-system", longest}
	whole, byNamespace := applicationSet(t, "applicationset-directories.yaml"), applicationSet(t, "applicationset-namespaces.yaml")
	objects := applicationSet(t, "applicationset-namespace-objects.yaml")
	seen := map[string]string{}
	add := func(set v1alpha1.ApplicationSet, cluster, path string) {
		parameters := gitDirectory(path)
		for key, value := range argoCluster(cluster) {
			parameters[key] = value
		}
		application := application(t, set, parameters)
		if other, there := seen[application.Name]; there {
			t.Errorf("%s and %s are both %s", other, set.Name+" of "+path, application.Name)
		}
		seen[application.Name] = set.Name + " of " + path
		if wrong := utilvalidation.IsDNS1123Subdomain(application.Name); len(wrong) > 0 {
			t.Errorf("%s: %q", application.Name, wrong)
		}
	}
	for _, cluster := range clusters {
		add(whole, cluster, "clusters/"+cluster)
		add(objects, cluster, "clusters/"+cluster)
		for _, namespace := range namespaces {
			add(byNamespace, cluster, "clusters/"+cluster+"/"+namespace)
		}
	}
}

// Every set applies on the server's side, and what removes objects does so last.
func TestTheSetsSaySyncOptions(t *testing.T) {
	for _, file := range applicationSets {
		policy := applicationSet(t, file).Spec.Template.Spec.SyncPolicy
		prunes := policy.Automated.Prune != nil && *policy.Automated.Prune
		if !policy.SyncOptions.HasOption("ServerSideApply=true") || prunes != policy.SyncOptions.HasOption("PruneLast=true") {
			t.Errorf("%s: %q", file, policy.SyncOptions)
		}
	}
}

// The hydrated branch holds a directory for each cluster, of which the plugin renders the content.
func TestTheHydratorRendersEachClusterForItself(t *testing.T) {
	plugin, hydrator := applicationSet(t, "applicationset-plugin.yaml"), applicationSet(t, "applicationset-hydrator.yaml")
	for _, cluster := range []string{"east-cluster", "west-cluster"} {
		direct, hydrated := application(t, plugin, argoCluster(cluster)), application(t, hydrator, argoCluster(cluster))
		dry := hydrated.Spec.SourceHydrator.GetDrySource()
		if !reflect.DeepEqual(dry, *direct.Spec.Source) || hydrated.Name != direct.Name {
			t.Errorf("%s is rendered by %+v of %s, and %+v of %s", cluster, dry, hydrated.Name, *direct.Spec.Source, direct.Name)
		}
		if path := hydrated.Spec.SourceHydrator.SyncSource.Path; path != "clusters/"+cluster {
			t.Errorf("%s is hydrated to %s", cluster, path)
		}
	}
}

func kustomized(t *testing.T, directory string) kube.Objects {
	t.Helper()
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), directory)
	if err != nil {
		t.Fatalf("%s: %v", directory, err)
	}
	stream, err := resources.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, stream)
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
