package apiserver

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
)

// Findings applies the objects of one cluster, and says what the server refuses, warns of or changes.
func (c Client) Findings(objects []Object) ([]string, error) {
	if err := c.createNamespaces(objects); err != nil {
		return nil, err
	}
	findings := c.applyAll(objects)
	slices.Sort(findings)
	return findings, nil
}

// createNamespaces makes those that objects are in. They stay, for other clusters too.
func (c Client) createNamespaces(objects []Object) error {
	seen := map[string]bool{"": true}
	for _, object := range objects {
		if seen[object.Namespace] {
			continue
		}
		seen[object.Namespace] = true
		text := fmt.Sprintf(`{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": %q}}`, object.Namespace)
		reply, err := c.do(http.MethodPost, "/api/v1/namespaces", []byte(text))
		if err != nil {
			return err
		}
		if err := reply.refusal(); err != nil && reply.status != http.StatusConflict {
			return fmt.Errorf("namespace %s: %w", object.Namespace, err)
		}
	}
	return nil
}

// applyAll applies several objects at a time.
func (c Client) applyAll(objects []Object) []string {
	queue := make(chan Object)
	go func() {
		defer close(queue)
		for _, object := range objects {
			queue <- object
		}
	}()
	var findings []string
	var guard sync.Mutex
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for object := range queue {
				found := c.applyOne(object)
				guard.Lock()
				findings = append(findings, found...)
				guard.Unlock()
			}
		})
	}
	group.Wait()
	return findings
}

func (c Client) applyOne(object Object) []string {
	kept, warnings, err := c.Apply(object)
	var findings []string
	for _, warning := range warnings {
		findings = append(findings, fmt.Sprintf("%s: warning: %s", object, warning))
	}
	if err != nil {
		return append(findings, fmt.Sprintf("%s: refused: %v", object, err))
	}
	for _, line := range Drift(object, kept) {
		findings = append(findings, fmt.Sprintf("%s: %s", object, line))
	}
	return findings
}
