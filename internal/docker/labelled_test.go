package docker

import (
	"slices"
	"testing"

	"hub/internal/docker/dockertest"
)

func TestContainersAreFoundByTheirLabelsRunningOrNot(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	key, site := dockertest.Name("hub.test"), "http://git.example/a=b?c&d"
	runs := r.run(RunSpec{Labels: map[string]string{key: site, key + ".port": "80"}})
	ended := r.run(RunSpec{Labels: map[string]string{key: site}, Command: []string{"true"}})
	other := r.run(RunSpec{Labels: map[string]string{key: "another"}})
	r.run(RunSpec{Labels: map[string]string{key + "s": site}})
	for _, c := range []struct {
		labels map[string]string
		want   []string
	}{
		{map[string]string{key: ""}, []string{runs.Name, ended.Name, other.Name}},
		{map[string]string{key: site}, []string{runs.Name, ended.Name}},
		{map[string]string{key: site, key + ".port": ""}, []string{runs.Name}},
		{map[string]string{key: site, key + ".port": "8"}, nil},
		{map[string]string{key: "none"}, nil},
	} {
		found, err := r.e.Labelled(t.Context(), c.labels)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, c := range found {
			names = append(names, c.Name)
		}
		slices.Sort(names)
		if slices.Sort(c.want); !slices.Equal(names, c.want) {
			t.Errorf("%v: %q, want %q", c.labels, names, c.want)
		}
	}
	_, err := r.e.Labelled(t.Context(), nil)
	isError(t, "no label", err, ErrInvalid, "labels")
}
