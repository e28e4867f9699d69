package kubelet

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	authentication "k8s.io/api/authentication/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kubernetes/pkg/volume/util"
)

type files = map[string]util.FileProjection

const readable = 0o644

// mountVolumes makes the volumes of a pod below its directory, or writes anew what has changed since.
func (k *Kubelet) mountVolumes(ctx context.Context, p *pod) error {
	for _, volume := range p.object.Spec.Volumes {
		directory := p.volume(volume.Name)
		if err := os.MkdirAll(directory, 0o777); err != nil {
			return err
		}
		if volume.EmptyDir != nil {
			if err := os.Chmod(directory, 0o777); err != nil {
				return err
			}
			continue
		}
		content, err := k.content(ctx, p, volume)
		if err != nil {
			return fmt.Errorf("volume %s: %w", volume.Name, err)
		}
		writer, err := util.NewAtomicWriter(directory, p.object.Name)
		if err != nil {
			return err
		}
		if err := writer.Write(content, nil); err != nil {
			return fmt.Errorf("volume %s: %w", volume.Name, err)
		}
	}
	return nil
}

func (p *pod) volume(name string) string { return filepath.Join(p.directory, "volumes", name) }

func (k *Kubelet) content(ctx context.Context, p *pod, volume core.Volume) (files, error) {
	switch {
	case volume.ConfigMap != nil:
		v := volume.ConfigMap
		return k.configMap(ctx, p, v.Name, v.Items, v.Optional)
	case volume.Secret != nil:
		v := volume.Secret
		return k.secret(ctx, p, v.SecretName, v.Items, v.Optional)
	case volume.DownwardAPI != nil:
		return downward(p, volume.DownwardAPI.Items)
	case volume.Projected != nil:
		return k.projected(ctx, p, volume.Projected.Sources)
	}
	return nil, fmt.Errorf("the lab's kubelet does not know this kind")
}

func (k *Kubelet) projected(ctx context.Context, p *pod, sources []core.VolumeProjection) (files, error) {
	all := files{}
	for _, source := range sources {
		var content files
		var err error
		switch {
		case source.ServiceAccountToken != nil:
			content, err = k.token(ctx, p, source.ServiceAccountToken)
		case source.ConfigMap != nil:
			v := source.ConfigMap
			content, err = k.configMap(ctx, p, v.Name, v.Items, v.Optional)
		case source.Secret != nil:
			v := source.Secret
			content, err = k.secret(ctx, p, v.Name, v.Items, v.Optional)
		case source.DownwardAPI != nil:
			content, err = downward(p, source.DownwardAPI.Items)
		default:
			err = fmt.Errorf("the lab's kubelet does not know this source: %v", source)
		}
		if err != nil {
			return nil, err
		}
		for name, file := range content {
			all[name] = file
		}
	}
	return all, nil
}

// token is asked for once: the lab ends long before it does.
func (k *Kubelet) token(ctx context.Context, p *pod, source *core.ServiceAccountTokenProjection) (files, error) {
	key := source.Path + " " + source.Audience
	if p.tokens[key] == "" {
		request := &authentication.TokenRequest{Spec: authentication.TokenRequestSpec{
			ExpirationSeconds: source.ExpirationSeconds,
			BoundObjectRef:    &authentication.BoundObjectReference{APIVersion: "v1", Kind: "Pod", Name: p.object.Name, UID: p.object.UID},
		}}
		if source.Audience != "" {
			request.Spec.Audiences = []string{source.Audience}
		}
		accounts := k.client.CoreV1().ServiceAccounts(p.object.Namespace)
		made, err := accounts.CreateToken(ctx, p.object.Spec.ServiceAccountName, request, meta.CreateOptions{})
		if err != nil {
			return nil, err
		}
		p.tokens[key] = made.Status.Token
	}
	return files{source.Path: {Data: []byte(p.tokens[key]), Mode: readable}}, nil
}

func (k *Kubelet) configMap(ctx context.Context, p *pod, name string, items []core.KeyToPath, optional *bool) (files, error) {
	found, err := k.client.CoreV1().ConfigMaps(p.object.Namespace).Get(ctx, name, meta.GetOptions{})
	if err != nil {
		return files{}, unless(optional, err)
	}
	data := map[string][]byte{}
	for key, text := range found.Data {
		data[key] = []byte(text)
	}
	return chosen(data, items), nil
}

func (k *Kubelet) secret(ctx context.Context, p *pod, name string, items []core.KeyToPath, optional *bool) (files, error) {
	found, err := k.client.CoreV1().Secrets(p.object.Namespace).Get(ctx, name, meta.GetOptions{})
	if err != nil {
		return files{}, unless(optional, err)
	}
	return chosen(found.Data, items), nil
}

// unless is the error, unless it says that something optional is missing.
func unless(optional *bool, err error) error {
	if optional != nil && *optional && errors.IsNotFound(err) {
		return nil
	}
	return err
}

// chosen are the keys that items name, at their paths; all keys if there are no items.
func chosen(data map[string][]byte, items []core.KeyToPath) files {
	content := files{}
	for key, bytes := range data {
		if len(items) == 0 {
			content[key] = util.FileProjection{Data: bytes, Mode: readable}
		}
	}
	for _, item := range items {
		if bytes, found := data[item.Key]; found {
			content[item.Path] = util.FileProjection{Data: bytes, Mode: readable}
		}
	}
	return content
}

func downward(p *pod, items []core.DownwardAPIVolumeFile) (files, error) {
	content := files{}
	for _, item := range items {
		if item.FieldRef == nil {
			return nil, fmt.Errorf("%s: the lab's kubelet knows fields only", item.Path)
		}
		value, err := field(p.object, item.FieldRef.FieldPath)
		if err != nil {
			return nil, err
		}
		content[item.Path] = util.FileProjection{Data: []byte(value), Mode: readable}
	}
	return content, nil
}
