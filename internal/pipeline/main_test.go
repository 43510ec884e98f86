package pipeline

import (
	"os"
	"testing"

	"hub/internal/docker/dockertest"
)

// TestMain takes whoever runs the tests out of them: their registries' credentials are nobody's here.
func TestMain(m *testing.M) {
	nobody, err := os.MkdirTemp("", "hub-nobody-")
	if err == nil {
		err = os.Setenv("DOCKER_CONFIG", nobody)
	}
	if err != nil {
		panic(err)
	}
	code := dockertest.Main(m)
	_ = os.RemoveAll(nobody)
	os.Exit(code)
}
