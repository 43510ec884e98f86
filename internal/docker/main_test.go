package docker

import (
	"os"
	"testing"

	"hub/internal/docker/dockertest"
)

// No docker configuration of this machine gives a test credentials.
func TestMain(m *testing.M) {
	_ = os.Setenv("DOCKER_CONFIG", "/nowhere")
	os.Exit(dockertest.Main(m))
}
