package docker

import (
	"os"
	"testing"

	"hub/internal/docker/dockertest"
)

func TestMain(m *testing.M) { os.Exit(dockertest.Main(m)) }
