package analyze

import (
	"bytes"
	"fmt"

	"istio.io/istio/pkg/config/analysis/analyzers"
	"istio.io/istio/pkg/config/analysis/diag"
	"istio.io/istio/pkg/config/analysis/local"
)

const istioNamespace = "istio-system"

// analyze is `istioctl analyze --all-namespaces --use-kube=false` with two differences. It looks at Services and
// Namespaces too, which istioctl leaves out of files, and with them all analyzers that ask for one. And it adds no
// ingress gateway.
func analyze(files []file) ([]Message, error) {
	analyzer := local.NewIstiodAnalyzer(analyzers.AllCombined(), "", istioNamespace, nil)
	var sources []local.ReaderSource
	for _, file := range files {
		sources = append(sources, local.ReaderSource{Name: file.path, Reader: bytes.NewReader(file.text)})
	}
	if err := analyzer.AddTestReaderKubeSource(sources); err != nil {
		return nil, err
	}
	cancel := make(chan struct{})
	defer close(cancel)
	result, err := analyzer.Analyze(cancel)
	if err != nil {
		return nil, err
	}
	if len(result.SkippedAnalyzers) > 0 {
		return nil, fmt.Errorf("analyzers that do not run: %v", result.SkippedAnalyzers)
	}
	var messages []Message
	for _, message := range result.Messages {
		messages = append(messages, messageOf(message))
	}
	return messages, nil
}

func messageOf(message diag.Message) Message {
	said := Message{Code: message.Type.Code(), Text: fmt.Sprintf(message.Type.Template(), message.Parameters...)}
	if about := message.Resource; about != nil {
		said.Kind = about.Metadata.Schema.Group() + "/" + about.Metadata.Schema.Kind()
		said.Object = about.Metadata.FullName.String()
	}
	return said
}
