package apiserver

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// workers is how many requests are under way at once.
const workers = 8

// Client speaks to one API server. What it has learned from discovery it asks for once.
type Client struct {
	url        string
	http       *http.Client
	discovered *sync.Map // []resource by apiVersion
}

func newClient(url string, roots *x509.CertPool) Client {
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, MaxIdleConnsPerHost: workers}
	return Client{url, &http.Client{Transport: transport}, &sync.Map{}}
}

type reply struct {
	status   int
	warnings []string
	body     []byte
}

func (c Client) do(method, path string, body []byte) (reply, error) {
	request, err := http.NewRequest(method, c.url+path, bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if method == http.MethodPatch {
		request.Header.Set("Content-Type", "application/apply-patch+yaml")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return reply{}, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header.Values("Warning"), content}, err
}

// refusal is what the server says when it does not do what it was asked for.
func (r reply) refusal() error {
	if r.status < http.StatusBadRequest {
		return nil
	}
	var status struct{ Message string }
	if json.Unmarshal(r.body, &status) != nil || status.Message == "" {
		status.Message = string(r.body)
	}
	return fmt.Errorf("%d %s", r.status, status.Message)
}

// Apply is a server-side apply with strict field validation, up to the point where the object would be stored: so no
// two clusters meet. It returns the object as the server would keep it, and its warnings.
func (c Client) Apply(object Object) (map[string]any, []string, error) {
	path, err := c.collection(object)
	if err != nil {
		return nil, nil, err
	}
	reply, err := c.apply(path, object, url.Values{"dryRun": {"All"}})
	if err != nil {
		return nil, reply.warnings, err
	}
	var kept map[string]any
	return kept, reply.warnings, json.Unmarshal(reply.body, &kept)
}

// Store is the same apply, and the object is stored.
func (c Client) Store(object Object) error {
	path, err := c.collection(object)
	if err != nil {
		return err
	}
	_, err = c.apply(path, object, url.Values{})
	return err
}

func (c Client) apply(collection string, object Object, query url.Values) (reply, error) {
	query.Set("fieldManager", "meshfedc")
	query.Set("fieldValidation", "Strict")
	query.Set("force", "true")
	reply, err := c.do(http.MethodPatch, collection+"/"+object.Name+"?"+query.Encode(), object.Text)
	if err != nil {
		return reply, err
	}
	return reply, reply.refusal()
}

// Stored is what the server has under an object's kind, namespace and name: nothing if there is none.
func (c Client) Stored(object Object) (map[string]any, error) {
	path, err := c.collection(object)
	if err != nil {
		return nil, err
	}
	reply, err := c.do(http.MethodGet, path+"/"+object.Name, nil)
	if err != nil || reply.status == http.StatusNotFound {
		return nil, err
	}
	if err := reply.refusal(); err != nil {
		return nil, err
	}
	var stored map[string]any
	return stored, json.Unmarshal(reply.body, &stored)
}

// Scale sets the replicas of an object, as an autoscaler does.
func (c Client) Scale(object Object, replicas int) error {
	path, err := c.collection(object)
	if err != nil {
		return err
	}
	scale := fmt.Sprintf(`{"apiVersion": "autoscaling/v1", "kind": "Scale", "metadata": {"namespace": %q, "name": %q}, "spec": {"replicas": %d}}`,
		object.Namespace, object.Name, replicas)
	reply, err := c.do(http.MethodPut, path+"/"+object.Name+"/scale", []byte(scale))
	if err != nil {
		return err
	}
	return reply.refusal()
}

// collection is the path of an object's kind and namespace, as the server's discovery has it.
func (c Client) collection(object Object) (string, error) {
	resources, there := c.discovered.Load(object.APIVersion)
	if !there {
		var err error
		if resources, err = c.resources(object.APIVersion); err != nil {
			return "", err
		}
		c.discovered.Store(object.APIVersion, resources)
	}
	for _, resource := range resources.([]resource) {
		if resource.Kind != object.Kind || strings.Contains(resource.Name, "/") {
			continue
		}
		if resource.Namespaced {
			return fmt.Sprintf("%s/namespaces/%s/%s", root(object.APIVersion), object.Namespace, resource.Name), nil
		}
		return root(object.APIVersion) + "/" + resource.Name, nil
	}
	return "", fmt.Errorf("%s %s is not served", object.APIVersion, object.Kind)
}

// resource is what the server serves of one kind. A name with a slash is a part of it, its status for one.
type resource struct {
	Name, Kind string
	Namespaced bool
}

// resources are those of an apiVersion, none if it is not served.
func (c Client) resources(apiVersion string) ([]resource, error) {
	reply, err := c.do(http.MethodGet, root(apiVersion), nil)
	if err != nil || reply.status == http.StatusNotFound {
		return nil, err
	}
	if err := reply.refusal(); err != nil {
		return nil, err
	}
	var list struct{ Resources []resource }
	return list.Resources, json.Unmarshal(reply.body, &list)
}

func root(apiVersion string) string {
	if strings.Contains(apiVersion, "/") {
		return "/apis/" + apiVersion
	}
	return "/api/" + apiVersion
}
