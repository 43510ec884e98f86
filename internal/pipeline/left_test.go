package pipeline

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	containertypes "github.com/docker/docker/api/types/container"
	imagetypes "github.com/docker/docker/api/types/image"
	"github.com/google/go-cmp/cmp"
)

// things are all that a run could leave behind.
type things struct {
	Containers map[string]string // by id: name and state
	Names      map[string]string // of images, by name: the id
	Kept       []string          // the images that the hub keeps under a name of its own
	Images     []string          // ids of those that runs have built
	Workspaces []string
}

// look takes note of what there is now. Tests that do run one at a time, since they share the engine.
func (w *world) look() things {
	w.Helper()
	t := things{Containers: map[string]string{}, Names: map[string]string{}}
	containers, err := w.api.ContainerList(context.Background(), containertypes.ListOptions{All: true})
	if err != nil {
		w.Fatal(err)
	}
	for _, c := range containers {
		t.Containers[c.ID] = strings.Join(c.Names, " ") + " " + c.State
	}
	images, err := w.api.ImageList(context.Background(), imagetypes.ListOptions{})
	if err != nil {
		w.Fatal(err)
	}
	for _, image := range images {
		if image.Labels[labelTask] != "" {
			t.Images = append(t.Images, image.ID)
		}
		for _, name := range image.RepoTags {
			if strings.HasPrefix(name, keptNames) {
				t.Kept = append(t.Kept, image.ID)
			} else if name != "<none>:<none>" {
				t.Names[name] = image.ID
			}
		}
	}
	slices.Sort(t.Images)
	entries, err := os.ReadDir(w.instance.folder)
	if err != nil && !os.IsNotExist(err) {
		w.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			t.Workspaces = append(t.Workspaces, filepath.Join(w.instance.folder, e.Name()))
		}
	}
	return t
}

// same fails the test where containers and names of images are not what they were before.
func (w *world) same(before things) {
	w.Helper()
	now := w.look()
	before.Kept, before.Images, before.Workspaces = now.Kept, now.Images, now.Workspaces // which a retry needs
	if diff := before.to(now); diff != "" {
		w.Errorf("it has left something (-before +now):\n%s", diff)
	}
}

// gone waits until all is as it was before, also what was kept for a retry.
func (w *world) gone(before things) {
	w.Helper()
	diff := "it was not looked at"
	defer func() {
		if diff != "" {
			w.Logf("what is left (-before +now):\n%s", diff)
		}
	}()
	w.until("what was kept goes", func() bool {
		diff = before.to(w.look())
		return diff == ""
	})
}

// to tells how now differs from what there was before. A container of an earlier test's cancelled build may go meanwhile: the engine
// names those, and tests name all others.
func (before things) to(now things) string {
	left := maps.Clone(before.Containers)
	maps.DeleteFunc(left, func(id, container string) bool {
		return now.Containers[id] != container && engineNamed.MatchString(container)
	})
	still := maps.Clone(now.Containers)
	maps.DeleteFunc(still, func(id, container string) bool {
		return before.Containers[id] != "" && engineNamed.MatchString(container) && before.Containers[id] != container
	})
	before.Containers, now.Containers = left, still
	return cmp.Diff(before, now)
}

var engineNamed = regexp.MustCompile(`^/[a-z]+_[a-z]+\d? `)

// keeps fails the test unless that many images and workspaces are kept more than before.
func (w *world) keeps(before things, images, workspaces int) {
	w.Helper()
	now := w.look()
	if i, s := len(now.Kept)-len(before.Kept), len(now.Workspaces)-len(before.Workspaces); i != images || s != workspaces {
		w.Errorf("%d images and %d workspaces are kept, not %d and %d: %+v", i, s, images, workspaces, now)
	}
}

// removeAll removes what the world's runs deployed and built.
func (w *world) removeAll() {
	ctx := context.Background()
	containers, _ := w.api.ContainerList(ctx, containertypes.ListOptions{All: true})
	for _, c := range containers {
		if c.Labels[labelSite] == w.repo.URL {
			_ = w.api.ContainerRemove(ctx, c.ID, containertypes.RemoveOptions{Force: true, RemoveVolumes: true})
		}
	}
	images, _ := w.api.ImageList(ctx, imagetypes.ListOptions{})
	for _, image := range images {
		if len(w.events.of(image.Labels[labelTask])) > 0 {
			_, _ = w.api.ImageRemove(ctx, image.ID, forced)
		}
	}
}

var forced = imagetypes.RemoveOptions{Force: true}
