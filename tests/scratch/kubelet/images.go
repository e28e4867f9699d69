package kubelet

import (
	"fmt"
	"path"
	"strings"

	"meshfedc/scratch/container"
)

// Image is what a lab has instead of an image: programs of the machine, at the places where the image has them.
type Image struct {
	Files   []container.Mount
	Command []string
	User    int
}

// Images are the images by the last part of their names.
type Images map[string]Image

func (i Images) find(reference string) (Image, error) {
	name, _, _ := strings.Cut(path.Base(reference), ":")
	image, found := i[name]
	if !found {
		return Image{}, fmt.Errorf("image %s: the lab has none of this name", reference)
	}
	return image, nil
}
