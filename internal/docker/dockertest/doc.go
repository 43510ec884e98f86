// Package dockertest gives tests a real Docker engine and a real registry.
//
//	func TestMain(m *testing.M) { os.Exit(dockertest.Main(m)) }
//
//	host := dockertest.Engine(t)        // of all tests of the package
//	image := dockertest.Image(t)        // busybox, made from Debian's static one
//	dockertest.Nginx(t, host)           // a stand-in for nginx:alpine
//	own := dockertest.StartEngine(t)    // of this test alone: own.Kill(), own.Start()
//	hubs := dockertest.StartRegistry(t) // with a password, on 127.0.0.1
//
// The engine of all tests is the one that answers at DOCKER_HOST or on the
// machine's socket; where none does, and for engines of one test, dockerd is
// started, which needs root and Debian's docker.io: on a socket, a data folder
// and a bridge of its own, without a rule of iptables, and ended after the tests.
// Tests fail where there is neither; they never skip. Nothing is pulled from the
// internet.
//
// Containers, images, volumes and networks that a test makes bear names from
// [Name], so that tests that share an engine do not meet, and are removed by the
// test.
package dockertest
