// Package gitops shows what meshfedc prints, writes and ships to the tools that apply it: Argo CD and Flux, as libraries.
package gitops
