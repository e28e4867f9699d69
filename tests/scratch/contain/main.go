// Command contain becomes the container that a specification describes.
package main

import (
	"fmt"
	"os"

	"meshfedc/scratch/container"
)

func main() {
	fmt.Fprintln(os.Stderr, container.Enter(os.Args[1]))
	os.Exit(1)
}
