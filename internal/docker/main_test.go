package docker

import (
	"flag"
	"os"
	"runtime"
	"strconv"
	"testing"

	"hub/internal/docker/dockertest"
)

// No docker configuration of this machine gives a test credentials. More tests run
// beside each other than there are processors, since most wait for the engine; the
// command line's -parallel stands above that.
func TestMain(m *testing.M) {
	_ = os.Setenv("DOCKER_CONFIG", "/nowhere")
	_ = flag.Set("test.parallel", strconv.Itoa(max(4, runtime.GOMAXPROCS(0))))
	os.Exit(dockertest.Main(m))
}
