package http

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/docker/docker/api/types/filters"
	networktypes "github.com/docker/docker/api/types/network"
	volumetypes "github.com/docker/docker/api/types/volume"

	"hub/internal/docker/dockertest"
)

// volume is a name for a volume that is removed after the test.
func (h *dockerHub) volume() string {
	name := dockertest.Name("data")
	h.t.Cleanup(func() { _ = h.api.VolumeRemove(context.Background(), name, true) })
	return name
}

// network is the same for a network.
func (h *dockerHub) network() string {
	name := dockertest.Name("net")
	h.t.Cleanup(func() {
		all, _ := h.api.NetworkList(context.Background(), networktypes.ListOptions{Filters: filters.NewArgs(filters.Arg("name", name))})
		for _, n := range all {
			_ = h.api.NetworkRemove(context.Background(), n.ID)
		}
	})
	return name
}

// named is the one of a list with the name.
func named(list []map[string]any, name string) map[string]any {
	i := slices.IndexFunc(list, func(one map[string]any) bool { return one["name"] == name })
	if i < 0 {
		return nil
	}
	return list[i]
}

// refused wants an error answer of a status whose detail has the words.
func (h *dockerHub) refused(path string, body any, status int, words ...string) {
	h.t.Helper()
	got, a := h.post(path, body)
	for _, word := range words {
		if got != status || !strings.Contains(fmt.Sprint(a["detail"]), word) {
			h.t.Errorf("POST %s %s: %d %v, want %d with %q", path, h.encoded(body), got, a, status, word)
		}
	}
}

func TestVolumesAreMadeListedAndRemoved(t *testing.T) {
	h := startDockerHub(t)
	name := h.volume()
	made := h.must("/docker/volume/create", map[string]any{"name": name, "driver": "local", "labels": map[string]any{"app": "site", "n": 7}, "driver_opts": map[string]any{"type": "none", "o": "bind", "device": "/etc"}})
	is(t, "the volume", []any{made["name"], made["driver"], made["labels"], made["scope"]}, `["`+name+`","local",{"app":"site","n":"7"},"local"]`)
	v, err := h.api.VolumeInspect(t.Context(), name)
	if err != nil || len(v.Options) > 0 || v.Labels["n"] != "7" || v.Mountpoint != made["mountpoint"] {
		t.Errorf("%+v, %v: options of a driver passed, or something is missing", v, err)
	}
	if again := h.must("/docker/volume/create", map[string]any{"name": name}); again["created"] != made["created"] {
		t.Errorf("%v is not the one that was there", again)
	}
	if got := named(h.list("/docker/volume/list"), name); fmt.Sprint(got) != fmt.Sprint(made) {
		t.Errorf("%v, want %v", got, made)
	}
	is(t, "removed", h.must("/docker/volume/remove", map[string]any{"name": name}), `{"name":"`+name+`","removed":true}`)
	if named(h.list("/docker/volume/list"), name) != nil {
		t.Error("it is still there")
	}
}

func TestAVolumeInUseIsSaidByWhom(t *testing.T) {
	h := startDockerHub(t)
	name := h.volume()
	user := h.run("/docker/run-extended", map[string]any{"volumes": map[string]any{name: map[string]any{"bind": "/data"}}})["name"].(string)
	for _, force := range []bool{false, true} {
		h.refused("/docker/volume/remove", map[string]any{"name": name, "force": force}, 409, "in use by container "+user)
	}
}

func TestWhatCannotBeAVolumeIsRefused(t *testing.T) {
	h := startDockerHub(t)
	h.refused("/docker/volume/create", map[string]any{"name": "../etc"}, 422, "name")
	h.refused("/docker/volume/create", map[string]any{"name": h.volume(), "driver": "a b"}, 422, "driver")
	h.refused("/docker/volume/create", map[string]any{"name": h.volume(), "driver": "no-such-driver"}, 404, "no-such-driver")
	for _, force := range []bool{false, true} {
		h.refused("/docker/volume/remove", map[string]any{"name": dockertest.Name("none"), "force": force}, 404, "cannot remove volume", "no such volume")
	}
	h.refused("/docker/volume/remove", map[string]any{"name": "../containers/x"}, 404, "there is none named")
	h.refused("/docker/volume/remove", map[string]any{}, 422, "field required")
}

func TestNetworksAreMadeUsedAndRemoved(t *testing.T) {
	h := startDockerHub(t)
	name, web := h.network(), h.inside()
	made := h.must("/docker/network/create", map[string]any{"name": name, "labels": map[string]any{"app": "site"}, "internal": true})
	is(t, "the network", []any{made["name"], made["driver"], made["internal"], made["attachable"], made["labels"]}, `["`+name+`","bridge",true,false,{"app":"site"}]`)
	if got := named(h.list("/docker/network/list"), name); fmt.Sprint(got) != fmt.Sprint(made) {
		t.Errorf("%v, want %v", got, made)
	}
	h.refused("/docker/network/create", map[string]any{"name": name}, 409, "already exists")

	joined := h.must("/docker/network/connect", map[string]any{"network": name, "container": web, "aliases": []string{"www"}})
	is(t, "connected", []any{joined["connected"], joined["network"], joined["network_id"], joined["container"]}, `[true,"`+name+`","`+made["id"].(string)+`","`+web+`"]`)
	if at := h.inspect(web).NetworkSettings.Networks[name]; at == nil || !slices.Contains(at.Aliases, "www") {
		t.Errorf("%+v", at)
	}
	h.refused("/docker/network/connect", map[string]any{"network": name, "container": web}, 409, "connected to it already")
	h.refused("/docker/network/remove", map[string]any{"name": name}, 409, "in use by container "+web)

	left := h.must("/docker/network/disconnect", map[string]any{"network": made["id"], "container": web})
	is(t, "disconnected", []any{left["connected"], left["network"]}, `[false,"`+name+`"]`)
	h.refused("/docker/network/disconnect", map[string]any{"network": name, "container": web}, 409, "not connected")

	h.must("/docker/network/connect", map[string]any{"network": name, "container": web})
	is(t, "removed", h.must("/docker/network/remove", map[string]any{"name": name, "force": true}), `{"name":"`+name+`","removed":true}`)
	if named(h.list("/docker/network/list"), name) != nil || h.inspect(web).NetworkSettings.Networks[name] != nil {
		t.Error("it is still there")
	}
}

func TestWhatCannotBeANetworkIsRefused(t *testing.T) {
	h := startDockerHub(t)
	web := h.inside()
	h.refused("/docker/network/create", map[string]any{"name": "a/b"}, 422, "name")
	h.refused("/docker/network/create", map[string]any{}, 422, "field required")
	h.refused("/docker/network/create", map[string]any{"name": h.network(), "driver": "no-such-driver"}, 404, "no-such-driver")
	h.refused("/docker/network/remove", map[string]any{"name": dockertest.Name("none")}, 404, "cannot remove network")
	h.refused("/docker/network/remove", map[string]any{"name": "../x"}, 404, "there is none named")
	h.refused("/docker/network/remove", map[string]any{"name": "bridge", "force": true}, 403, "pre-defined")
	h.refused("/docker/network/connect", map[string]any{"network": "no-such-net", "container": web}, 404, "no-such-net")
	h.refused("/docker/network/connect", map[string]any{"network": "bridge", "container": "no-such-one"}, 404, "no-such-one")
	h.refused("/docker/network/connect", map[string]any{"network": "host", "container": web}, 403, "allow_host_access")
	if h.inspect(web).NetworkSettings.Networks["host"] != nil {
		t.Error("the container is in the host's network")
	}
}

func TestWithoutAnEngineTheseRoutesSayWhatToDo(t *testing.T) {
	h := startDockerHubWith(t, dockerSetup{Host: "unix://" + t.TempDir() + "/none.sock"})
	for path, body := range map[string]string{
		"volume/create": `{}`, "volume/remove": `{"name":"x"}`, "network/create": `{"name":"x"}`, "network/remove": `{"name":"x"}`,
		"network/connect": `{"network":"x","container":"y"}`, "network/disconnect": `{"network":"x","container":"y"}`, "prune": `{}`,
	} {
		h.refused("/docker/"+path, body, 503, "DOCKER_HOST")
	}
	for _, path := range []string{"volume", "network"} {
		if r, text := h.raw("GET", "/docker/"+path+"/list", ""); r.StatusCode != 503 {
			t.Errorf("%s: %d %s", path, r.StatusCode, text)
		}
	}
}

// sizes of volumes need one with something in it.
func (h *dockerHub) filled(name string, labels map[string]string) {
	h.t.Helper()
	if _, err := h.api.VolumeCreate(h.t.Context(), volumetypes.CreateOptions{Name: name, Labels: labels}); err != nil {
		h.t.Fatal(err)
	}
	h.run("/docker/run-extended", map[string]any{"volumes": map[string]any{name: map[string]any{"bind": "/data"}}, "command": "sh -c 'head -c 100000 /dev/zero > /data/x'", "detach": false, "name": name})
	h.must("/docker/rm", map[string]any{"id_or_name": name, "force": true})
}
