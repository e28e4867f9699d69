package gitops

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/applicationset/utils"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
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
