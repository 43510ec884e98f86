package docker

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	networktypes "github.com/docker/docker/api/types/network"

	"hub/internal/docker/dockertest"
)

var inspectOptions = networktypes.InspectOptions{}

func containsWord(text, word string) bool { return strings.Contains(text, word) }

func TestAContainerIsMadeOfEveryField(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	api := dockertest.Client(t, r.e.Host())
	name, vol, net := dockertest.Name("full"), dockertest.Name("vol"), dockertest.Name("net")
	if _, err := api.NetworkCreate(t.Context(), net, networktypes.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { api.NetworkRemove(context.Background(), net) })
	t.Cleanup(func() { api.VolumeRemove(context.Background(), vol, true) })
	pids, folder := int64(99), t.TempDir()
	c := r.run(RunSpec{
		Name: name, Command: []string{"sleep", "1000"}, Entrypoint: []string{"busybox"}, Env: map[string]string{"MODE": "a b=c"},
		Ports: Ports{"80": {{"127.0.0.1", 0}}, "81/udp": nil}, Labels: map[string]string{"app": "x"}, WorkingDir: "/tmp", User: "0:0", Hostname: "box",
		Mounts: []Mount{{vol, "/data", "ro"}, {folder, "/host", ""}}, Network: net,
		Limits:    Limits{Memory: "64m", MemorySwap: "128m", NanoCPUs: 500_000_000, CPUShares: 512, PIDs: &pids, CPUs: "0", MemoryNodes: "0"},
		LogDriver: "json-file", LogOptions: map[string]string{"max-size": "1m"}, Restart: "on-failure:2",
	})
	if c.Name != name || c.Status != "running" || len(c.ID) != 64 || c.Labels["app"] != "x" || !slices.Equal(c.Networks, []string{net}) {
		t.Errorf("%+v", c)
	}
	if at := c.Ports["80/tcp"]; len(at) != 1 || at[0].Address != "127.0.0.1" || at[0].Port == 0 || len(c.Ports["81/udp"]) == 0 {
		t.Errorf("the ports are %v", c.Ports)
	}
	x := r.seen(c.ID)
	got := fmt.Sprint([]any{x.Config.Entrypoint, x.Config.Cmd, x.Config.Env[:1], x.Config.WorkingDir, x.Config.User, x.Config.Hostname,
		x.HostConfig.Binds, x.HostConfig.NetworkMode, x.HostConfig.Memory, x.HostConfig.MemorySwap, x.HostConfig.NanoCPUs, x.HostConfig.CPUShares,
		*x.HostConfig.PidsLimit, x.HostConfig.CpusetCpus, x.HostConfig.CpusetMems, x.HostConfig.LogConfig, x.HostConfig.RestartPolicy, x.HostConfig.Privileged})
	real, _ := resolved(folder)
	binds := []string{real + ":/host:rw", vol + ":/data:ro"}
	slices.Sort(binds)
	want := fmt.Sprint([]any{[]string{"busybox"}, []string{"sleep", "1000"}, []string{"MODE=a b=c"}, "/tmp", "0:0", "box",
		binds, net, 64 << 20, 128 << 20, 500_000_000, 512, 99, "0", "0", "{json-file map[max-size:1m]}", "{on-failure 2}", false})
	if got != want {
		t.Errorf("the engine has\n%s, want\n%s", got, want)
	}
}

func TestAContainerThatEndedIsRunToo(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	c := r.run(RunSpec{Command: []string{"sh", "-c", "echo out; echo err >&2; exit 3"}})
	code, err := r.e.Wait(t.Context(), c.Name)
	if err != nil || code != 3 {
		t.Errorf("%d, %v", code, err)
	}
	text, cut, err := r.e.Output(t.Context(), c.ID, 1<<20)
	if err != nil || cut || !strings.Contains(string(text), "out\n") || !strings.Contains(string(text), "err\n") {
		t.Errorf("%q, %v, %v", text, cut, err)
	}
	if text, cut, err = r.e.Output(t.Context(), c.ID, 5); err != nil || !cut || len(text) != 5 {
		t.Errorf("%q, %v, %v", text, cut, err)
	}
}

func TestANameInUseIsAConflictThatSaysByWhom(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	c := r.run(RunSpec{})
	_, err := r.try(RunSpec{Name: c.Name})
	isError(t, "the name again", err, ErrConflict, "")
	if err != nil && !strings.Contains(err.Error(), c.ID[:12]) {
		t.Error(err)
	}
	if _, err := r.e.Prepare(t.Context(), RunSpec{Image: r.image, Name: c.ID[:12]}); err != nil {
		t.Errorf("the beginning of an id is no name in use: %v", err)
	}
}

func TestWhatCannotBeStartedIsRemoved(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	taken := takenTCP(t)
	for what, c := range map[string]struct {
		spec RunSpec
		kind error
		says string
	}{
		"a port that a program has": {RunSpec{Ports: Ports{"80": {{"", taken}}}}, ErrConflict, fmt.Sprint("port ", taken)},
		"no such command":           {RunSpec{Command: []string{"no-such-program"}}, ErrBadInput, `: exec: "no-such-program": executable file not found in $PATH`},
		"no such network":           {RunSpec{Network: "no-such-network"}, ErrNotFound, "no-such-network"},
		"no such user":              {RunSpec{User: "nobody-here"}, ErrInvalid, "nobody-here"},
		"no such CPU":               {RunSpec{Limits: Limits{CPUs: "4000"}}, ErrBadInput, "4000"},
	} {
		t.Run(what, func(t *testing.T) {
			c.spec.Name = dockertest.Name("fails")
			_, err := r.try(c.spec)
			if !errors.Is(err, c.kind) || err == nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%v", err)
			}
			if r.exists(c.spec.Name) {
				t.Error("the container is still there")
			}
		})
	}
}

func TestAPortThatAContainerHasIsNamed(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	first := r.run(RunSpec{Ports: Ports{"80": {{"127.0.0.1", 0}}}})
	port := first.Ports["80/tcp"][0].Port
	name := dockertest.Name("second")
	_, err := r.try(RunSpec{Name: name, Ports: Ports{"90": {{"127.0.0.1", port}}}})
	isError(t, "the port again", err, ErrConflict, "")
	if err != nil && !strings.Contains(err.Error(), fmt.Sprintf("port %d of the host is in use already", port)) {
		t.Error(err)
	}
	if r.exists(name) {
		t.Error("the container is still there")
	}
}

func TestAMissingImageThatCannotBePulledLeavesNothing(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	registry := dockertest.StartRegistry(t)
	name := dockertest.Name("pulled")
	if _, err := r.try(RunSpec{Image: registry.Host + "/nobody/has:this", Name: name}); err == nil || !strings.Contains(err.Error(), "cannot pull") {
		t.Error(err)
	}
	_, err := r.try(RunSpec{Image: "sha256:" + strings.Repeat("0a", 32), Name: name})
	isError(t, "an id", err, ErrNotFound, "")
	if r.exists(name) {
		t.Error("the container is there")
	}
}

func TestAVolumeIsMadeWhereThereIsNone(t *testing.T) {
	t.Parallel()
	r := newRunner(t, Options{})
	name := dockertest.Name("volume")
	t.Cleanup(func() { _ = r.e.api().VolumeRemove(context.Background(), name, true) })
	first := r.run(RunSpec{Command: []string{"sh", "-c", "echo kept > /data/file"}, Mounts: []Mount{{name, "/data", "rw"}}})
	if code, err := r.e.Wait(t.Context(), first.ID); code != 0 || err != nil {
		t.Fatal(code, err)
	}
	second := r.run(RunSpec{Command: []string{"sh", "-c", "cat /data/file; echo no > /data/file"}, Mounts: []Mount{{name, "/data", "ro"}}})
	code, err := r.e.Wait(t.Context(), second.ID)
	text, _, _ := r.e.Output(t.Context(), second.ID, 1<<10)
	if err != nil || code == 0 || !strings.Contains(string(text), "kept\n") {
		t.Errorf("%d, %v: %s", code, err, text)
	}
	if v, err := r.e.api().VolumeInspect(t.Context(), name); err != nil || v.Driver != "local" || len(v.Options) > 0 {
		t.Errorf("%+v, %v", v, err)
	}
}
