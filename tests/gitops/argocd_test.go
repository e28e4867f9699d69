package gitops

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/argoproj/argo-cd/v3/cmpserver"
	"github.com/argoproj/argo-cd/v3/cmpserver/apiclient"
	"github.com/argoproj/argo-cd/v3/cmpserver/plugin"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	repoapi "github.com/argoproj/argo-cd/v3/reposerver/apiclient"
	"github.com/argoproj/argo-cd/v3/reposerver/repository"
	"github.com/argoproj/argo-cd/v3/util/cmp"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"

	"meshfedc/tests/kube"
)

// servePlugin runs Argo CD's plugin server, as the sidecar does, on the shipped plugin.yaml, which `edit` may change
// before. It returns the name by which an Application calls the plugin.
func servePlugin(t *testing.T, edit func(*plugin.PluginConfig)) string {
	t.Helper()
	onPath(t)
	sockets, err := os.MkdirTemp("", "cmp") // the path of a socket must be short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(sockets) })
	t.Setenv("ARGOCD_PLUGINSOCKFILEPATH", sockets)
	t.Setenv("ARGOCD_CMP_WORKDIR", t.TempDir())
	config, err := plugin.ReadPluginConfig(filepath.Join(repositoryRoot, "examples/argocd"))
	if err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		edit(config)
	}
	server, err := cmpserver.NewServer(plugin.CMPServerInitConstants{PluginConfig: *config})
	if err != nil {
		t.Fatal(err)
	}
	grpc, err := server.CreateGRPC()
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", config.Address())
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = grpc.Serve(listener) }()
	t.Cleanup(grpc.Stop)
	return strings.TrimSuffix(filepath.Base(config.Address()), ".sock")
}

// excluded are the patterns of files that the shipped params.yaml has the repo-server leave out.
func excluded(t *testing.T) []string {
	t.Helper()
	var params struct{ Data map[string]string }
	if err := yaml.Unmarshal([]byte(shipped(t, "argocd/params.yaml")), &params); err != nil {
		t.Fatal(err)
	}
	return strings.Split(params.Data["reposerver.plugin.tar.exclusions"], ";")
}

// request is one that the application controller makes of the repo-server.
func request(application string, source v1alpha1.ApplicationSource, types ...string) *repoapi.ManifestRequest {
	return &repoapi.ManifestRequest{
		Repo:              &v1alpha1.Repository{Repo: source.RepoURL},
		AppName:           application,
		Namespace:         "istio-system",
		ProjectName:       "mesh",
		ApplicationSource: &source,
		KubeVersion:       "v1.35.0",
		ApiVersions:       types,
	}
}

// generate runs the repo-server's own code from there on: the files of the repository, merged with what the repository
// says about the Application's source, go to the plugin server, and objects come back.
func generate(t *testing.T, root string, request *repoapi.ManifestRequest) (kube.Objects, error) {
	t.Helper()
	path := filepath.Join(root, request.ApplicationSource.Path)
	response, err := repository.GenerateManifests(context.Background(), path, root, "0123456789abcdef", request, false, nil,
		resource.MustParse("0"), nil, repository.WithCMPTarExcludedGlobs(excluded(t)))
	if err != nil {
		return nil, err
	}
	objects := kube.Objects{}
	for _, manifest := range response.Manifests {
		var object kube.Object
		if err := json.Unmarshal([]byte(manifest), &object); err != nil {
			t.Fatal(err)
		}
		id, err := kube.ID(object)
		if err != nil {
			t.Fatal(err)
		}
		if err := objects.Add(kube.Objects{id: object}); err != nil {
			t.Fatal(err)
		}
	}
	return objects, nil
}

func text(name, value string) v1alpha1.ApplicationSourcePluginParameter {
	return v1alpha1.ApplicationSourcePluginParameter{Name: name, String_: &value}
}

func pluginSource(name string, parameters ...v1alpha1.ApplicationSourcePluginParameter) v1alpha1.ApplicationSource {
	return v1alpha1.ApplicationSource{
		RepoURL: "https://git.example.com/mesh/config.git", TargetRevision: "main", Path: "federation",
		Plugin: &v1alpha1.ApplicationSourcePlugin{Name: name, Parameters: parameters},
	}
}

// gitRepository has an example at `federation/`, and a `.git` that nobody may look into.
func gitRepository(t *testing.T, example string) string {
	t.Helper()
	root := t.TempDir()
	copyTree(t, filepath.Dir(federationOf(example)), filepath.Join(root, "federation"))
	write(t, filepath.Join(root, ".git/HEAD"), "ref: refs/heads/main\n")
	write(t, filepath.Join(root, ".git/objects/01/23"), "x")
	write(t, filepath.Join(root, "elsewhere/federation.toml"), read(t, federationOf(example)))
	return root
}

func TestArgoCDGetsWhatBuildPrints(t *testing.T) {
	name := servePlugin(t, nil)
	for _, example := range examples(t) {
		root := gitRepository(t, example)
		_, clusters := clustersOf(t, federationOf(example))
		for _, cluster := range clusters {
			t.Run(example+"/"+cluster, func(t *testing.T) {
				got, err := generate(t, root, request("mesh-"+cluster, pluginSource(name, text("cluster", cluster))))
				if err != nil {
					t.Fatal(err)
				}
				same(t, "Argo CD", stream(t, federationOf(example), cluster), got)
			})
		}
	}
}

func TestArgoCDTakesAnotherMainFileAsParameter(t *testing.T) {
	name := servePlugin(t, nil)
	root := gitRepository(t, "seed")
	write(t, filepath.Join(root, "federation/prod/mesh.toml"), read(t, federationOf("seed-egress")))
	source := pluginSource(name, text("cluster", "east-cluster"), text("config", "prod/mesh.toml"))
	got, err := generate(t, root, request("mesh-east-cluster", source))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "prod/mesh.toml", stream(t, federationOf("seed-egress"), "east-cluster"), got)
}

func TestArgoCDShowsWhyThereIsNothing(t *testing.T) {
	name := servePlugin(t, nil)
	const lab = "[mesh.lab]\nmtls = \"unmanaged\"\n[network.lab]\n[cluster.lab]\nmesh = \"lab\"\nnetwork = \"lab\"\n"
	for _, row := range []struct {
		name       string
		edit       func(t *testing.T, root string)
		parameters []v1alpha1.ApplicationSourcePluginParameter
		says       []string
	}{
		{"no cluster", nil, nil, []string{"MF1001", "declared clusters: east-cluster, west-cluster"}},
		{"Argo CD's own name", nil, []v1alpha1.ApplicationSourcePluginParameter{text("cluster", "in-cluster")},
			[]string{`MF1002]: the parameter `, "in-cluster", "declared clusters: east-cluster, west-cluster"}},
		{"a file that climbs", nil, []v1alpha1.ApplicationSourcePluginParameter{text("cluster", "east-cluster"),
			text("config", "../elsewhere/federation.toml")}, []string{"MF1003", "`../elsewhere/federation.toml`"}},
		{"an absolute path", nil, []v1alpha1.ApplicationSourcePluginParameter{text("cluster", "east-cluster"),
			text("config", "/etc/hostname")}, []string{"MF1003", "`/etc/hostname`"}},
		{"a link that leads out", func(t *testing.T, root string) {
			if err := os.Symlink("../elsewhere/federation.toml", filepath.Join(root, "federation/link.toml")); err != nil {
				t.Fatal(err)
			}
		}, []v1alpha1.ApplicationSourcePluginParameter{text("cluster", "east-cluster"), text("config", "link.toml")},
			[]string{"MF1003", "`link.toml`"}},
		{"broken TOML", func(t *testing.T, root string) {
			write(t, filepath.Join(root, "federation/federation.toml"), "version = 1\n[federation\n")
		}, []v1alpha1.ApplicationSourcePluginParameter{text("cluster", "east-cluster")},
			[]string{"federation.toml:2:", "error[MF0101]"}},
		{"no object", func(t *testing.T, root string) {
			path := filepath.Join(root, "federation/federation.toml")
			write(t, path, read(t, path)+lab)
		}, []v1alpha1.ApplicationSourcePluginParameter{text("cluster", "lab")}, []string{"MF1004", `cluster "lab"`}},
	} {
		t.Run(row.name, func(t *testing.T) {
			root := gitRepository(t, "seed")
			if row.edit != nil {
				row.edit(t, root)
			}
			application := "mesh-"
			if len(row.parameters) > 0 {
				application += *row.parameters[0].String_
			}
			objects, err := generate(t, root, request(application, pluginSource(name, row.parameters...)))
			if err == nil {
				t.Fatalf("%d objects and no error", len(objects))
			}
			for _, part := range row.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("no %q in: %v", part, err)
				}
			}
			if len(err.Error()) > 4096 {
				t.Errorf("%d bytes are too long for a condition", len(err.Error()))
			}
		})
	}
}

// A file in the repository changes the parameters of an Application; plugin.yaml does not let it take another cluster.
func TestTheRepositoryCannotGiveAnApplicationAnotherCluster(t *testing.T) {
	override := func(t *testing.T, root, plugin string) {
		write(t, filepath.Join(root, "federation/.argocd-source.yaml"),
			"plugin:\n  name: "+plugin+"\n  parameters: [{name: cluster, string: west-cluster}]\n")
	}
	t.Run("as shipped", func(t *testing.T) {
		name := servePlugin(t, nil)
		root := gitRepository(t, "seed")
		override(t, root, name)
		_, err := generate(t, root, request("mesh-east-cluster", pluginSource(name, text("cluster", "east-cluster"))))
		if err == nil || !strings.Contains(err.Error(), "MF1006") {
			t.Fatalf("not refused: %v", err)
		}
	})
	t.Run("the danger is real without --application", func(t *testing.T) {
		name := servePlugin(t, func(config *plugin.PluginConfig) { config.Spec.Generate.Args = nil })
		root := gitRepository(t, "seed")
		override(t, root, name)
		got, err := generate(t, root, request("mesh-east-cluster", pluginSource(name, text("cluster", "east-cluster"))))
		if err != nil {
			t.Fatal(err)
		}
		same(t, "the other cluster", stream(t, federationOf("seed"), "west-cluster"), got)
	})
}

// The plugin prints all the same, and says on standard error what the cluster does not serve. Argo CD shows standard
// error of a plugin that succeeds to nobody, so a plugin that fails afterwards brings it to light.
func TestArgoCDTellsWhatTheClusterServes(t *testing.T) {
	name := servePlugin(t, func(config *plugin.PluginConfig) {
		config.Spec.Generate = plugin.Command{Command: []string{"sh", "-c", "meshfedc cmp generate; exit 1"}}
	})
	root := gitRepository(t, "seed")
	source := pluginSource(name, text("cluster", "west-cluster"))
	served := []string{"v1", "v1/Service", "networking.istio.io/v1", "networking.istio.io/v1/ServiceEntry",
		"networking.istio.io/v1/Gateway", "security.istio.io/v1", "security.istio.io/v1/PeerAuthentication"}
	const gateways = "MF1005]: cluster \"west-cluster\" gets an object of type gateway.networking.k8s.io/v1/Gateway"
	_, err := generate(t, root, request("mesh-west-cluster", source, served...))
	if err == nil || !strings.Contains(err.Error(), gateways) || strings.Count(err.Error(), "MF1005]:") != 1 {
		t.Errorf("the Gateway API is missing, and that is not what it says: %v", err)
	}
	served = append(served, "gateway.networking.k8s.io/v1", "gateway.networking.k8s.io/v1/Gateway")
	_, err = generate(t, root, request("mesh-west-cluster", source, served...))
	if err == nil || strings.Contains(err.Error(), "MF1005") {
		t.Errorf("all is served: %v", err)
	}
}

func TestArgoCDReadsTheParameters(t *testing.T) {
	servePlugin(t, nil)
	config, err := plugin.ReadPluginConfig(filepath.Join(repositoryRoot, "examples/argocd"))
	if err != nil {
		t.Fatal(err)
	}
	announce := func(t *testing.T, root string, env ...string) ([]*repoapi.ParameterAnnouncement, error) {
		connection, client, err := apiclient.NewConfigManagementPluginClientSet(config.Address()).NewConfigManagementPluginClient()
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		sender, err := client.GetParametersAnnouncement(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, "ARGOCD_APP_NAME=mesh-east-cluster")
		if err := cmp.SendRepoStream(context.Background(), filepath.Join(root, "federation"), root, sender, env, excluded(t)); err != nil {
			t.Fatal(err)
		}
		answer, err := sender.CloseAndRecv()
		return answer.GetParameterAnnouncements(), err
	}

	root := gitRepository(t, "three-regions")
	_, clusters := clustersOf(t, federationOf("three-regions"))
	list, err := announce(t, root)
	if err != nil || len(list) != 3 {
		t.Fatalf("%v, %v", list, err)
	}
	cluster, file, part := list[0], list[1], list[2]
	if cluster.Name != "cluster" || !cluster.Required || cluster.CollectionType != "string" || cluster.Title == "" ||
		cluster.Tooltip != "One of: "+strings.Join(clusters, ", ") || cluster.String_ != "" {
		t.Errorf("%+v", cluster)
	}
	if file.Name != "config" || file.Required || file.CollectionType != "string" || file.String_ != "federation.toml" {
		t.Errorf("%+v", file)
	}
	if part.Name != "part" || part.Required || part.CollectionType != "string" || part.String_ != "federation" {
		t.Errorf("%+v", part)
	}
	if _, err := announce(t, root, "PARAM_CONFIG=none.toml"); err == nil || !strings.Contains(err.Error(), "MF0001") {
		t.Errorf("a file that is not there: %v", err)
	}
}

// The exclusion that params.yaml sets keeps the history at home, at every depth.
func TestTheHistoryIsNotSent(t *testing.T) {
	root := gitRepository(t, "seed")
	sent := func(t *testing.T, excluded []string) (git, others int) {
		tgz, _, err := cmp.GetCompressedRepoAndMetadata(root, filepath.Join(root, "federation"), nil, excluded, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer os.Remove(tgz.Name())
		unzipped, err := gzip.NewReader(tgz)
		if err != nil {
			t.Fatal(err)
		}
		for files := tar.NewReader(unzipped); ; {
			header, err := files.Next()
			if errors.Is(err, io.EOF) {
				return git, others
			}
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(header.Name, ".git/") {
				git++
			} else {
				others++
			}
		}
	}
	if git, others := sent(t, excluded(t)); git != 0 || others == 0 {
		t.Errorf("%d files of .git, %d others", git, others)
	}
	if git, _ := sent(t, nil); git == 0 {
		t.Error("without the exclusion .git is sent, or this test sees nothing")
	}
}
