package http

import (
	"io"
	nethttp "net/http"
	"testing"
	"time"

	containertypes "github.com/docker/docker/api/types/container"

	"hub/internal/docker/dockertest"
)

// The list of 200 containers is to take less than 50 ms beyond the engine's own
// answer: compare hub-ms with engine-ms, the best of each.
func BenchmarkTheListOf200Containers(b *testing.B) {
	engine := dockertest.StartEngine(b)
	image := dockertest.ImageOn(b, engine.Host)
	api := dockertest.Client(b, engine.Host)
	for range 200 {
		config := &containertypes.Config{Image: image, Labels: map[string]string{"app": "site"}}
		if _, err := api.ContainerCreate(b.Context(), config, nil, nil, nil, dockertest.Name("many")); err != nil {
			b.Fatal(err)
		}
	}
	h := startDockerHubWith(b, dockerSetup{Host: engine.Host})
	best := func(call func()) time.Duration {
		least := time.Hour
		for range 10 {
			began := time.Now()
			call()
			least = min(least, time.Since(began))
		}
		return least
	}
	own := best(func() {
		list, err := api.ContainerList(b.Context(), containertypes.ListOptions{All: true})
		if err != nil || len(list) != 200 {
			b.Fatal(len(list), err)
		}
	})
	get := func() {
		answer, err := nethttp.Get("http://" + h.addr + "/docker/containers?all=true")
		if err != nil {
			b.Fatal(err)
		}
		defer answer.Body.Close()
		if n, err := io.Copy(io.Discard, answer.Body); err != nil || n < 200*300 || answer.StatusCode != 200 {
			b.Fatal(answer.StatusCode, n, err)
		}
	}
	through := best(get)
	for b.Loop() {
		get()
	}
	b.ReportMetric(float64(own)/1e6, "engine-ms")
	b.ReportMetric(float64(through)/1e6, "hub-ms")
}
