package pipeline

import (
	"archive/tar"
	"context"
	"io"
	"strings"

	containertypes "github.com/docker/docker/api/types/container"
)

// filesOf are the files of an image in a folder, by their paths there; a link's content is "-> " and where to.
func (w *world) filesOf(image, folder string) map[string]string {
	w.Helper()
	made, err := w.api.ContainerCreate(w.Context(), &containertypes.Config{Image: image, Cmd: []string{"true"}}, nil, nil, nil, "")
	if err != nil {
		w.Fatal(err)
	}
	defer w.api.ContainerRemove(context.Background(), made.ID, containertypes.RemoveOptions{Force: true})
	stream, _, err := w.api.CopyFromContainer(w.Context(), made.ID, folder+"/.")
	if err != nil {
		w.Fatal(err)
	}
	defer stream.Close()
	files := map[string]string{}
	for r := tar.NewReader(stream); ; {
		h, err := r.Next()
		if err == io.EOF {
			return files
		}
		if err != nil {
			w.Fatal(err)
		}
		name := strings.TrimPrefix(h.Name, "./")
		switch h.Typeflag {
		case tar.TypeReg:
			content, _ := io.ReadAll(r)
			files[name] = string(content)
		case tar.TypeSymlink:
			files[name] = "-> " + h.Linkname
		}
	}
}
