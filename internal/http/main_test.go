package http

import (
	"os"
	"path/filepath"
	"testing"

	"hub/internal/docker/dockertest"
)

func TestMain(m *testing.M) {
	// Whatever logins this machine's user has are none of the tests'.
	os.Setenv("DOCKER_CONFIG", filepath.Join(os.TempDir(), "hub-test-no-docker-config"))
	os.Exit(max(dockertest.Main(m), unseen()))
}
