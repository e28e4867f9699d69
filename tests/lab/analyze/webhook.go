package analyze

import (
	"fmt"
	"strings"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/config/schema/resource"
	"sigs.k8s.io/yaml"
)

const clusterDomain = "cluster.local"

// webhook validates every object of Istio's kinds as istiod does when the API server asks it to.
func webhook(files []file) ([]Message, error) {
	var messages []Message
	for _, file := range files {
		for _, document := range documents(file.text) {
			found, err := validate(document)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", file.path, err)
			}
			messages = append(messages, found...)
		}
	}
	return messages, nil
}

func validate(document []byte) ([]Message, error) {
	var object crd.IstioKind
	if err := yaml.Unmarshal(document, &object); err != nil {
		return nil, err
	}
	gvk := object.GroupVersionKind()
	if !strings.HasSuffix(gvk.Group, ".istio.io") {
		return nil, nil
	}
	message := Message{Kind: gvk.Group + "/" + gvk.Kind, Object: object.Namespace + "/" + object.Name}
	schema, known := collections.Pilot.FindByGroupVersionAliasesKind(resource.FromKubernetesGVK(&gvk))
	if !known {
		return message.each(Refused, fmt.Errorf("%s is no kind of Istio's", gvk)), nil
	}
	config, err := crd.ConvertObject(schema, &object, clusterDomain)
	if err != nil {
		return message.each(Refused, err), nil
	}
	warnings, err := schema.ValidateConfig(*config)
	return append(message.each(Refused, err), message.each(Warned, warnings)...), nil
}

// each makes a message of every error.
func (m Message) each(code string, err error) []Message {
	if err == nil {
		return nil
	}
	errs := []error{err}
	if several, ok := err.(interface{ WrappedErrors() []error }); ok {
		errs = several.WrappedErrors()
	}
	var messages []Message
	for _, err := range errs {
		messages = append(messages, Message{code, m.Kind, m.Object, err.Error()})
	}
	return messages
}
