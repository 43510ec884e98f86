package docker

import (
	"testing"

	"hub/internal/docker/dockertest"
)

func TestAContainerTakesAnotherName(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	c, other := r.run(RunSpec{}), r.run(RunSpec{})
	name := dockertest.Name("renamed")
	if now, err := r.e.Rename(t.Context(), c.Name, name); err != nil || now.ID != c.ID || now.Name != name || now.Status != "running" {
		t.Errorf("%+v, %v", now, err)
	}
	if r.exists(c.Name) {
		t.Error("its old name is still there")
	}
	_, err := r.e.Rename(t.Context(), c.ID, other.Name)
	isError(t, "a name in use", err, ErrConflict, "")
	_, err = r.e.Rename(t.Context(), dockertest.Name("none"), dockertest.Name("renamed"))
	isError(t, "no container", err, ErrNotFound, "")
	for _, bad := range []string{"", "a", "-ab", "a/b", "a b"} {
		_, err = r.e.Rename(t.Context(), c.ID, bad)
		isError(t, "the name "+bad, err, ErrInvalid, "name")
	}
}
