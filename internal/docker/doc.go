// Package docker is a Docker engine in the hub's words. It knows the Docker SDK,
// and nobody else in the hub does.
//
//	e, err := docker.New()
//	v, err := e.Version(ctx)
//
// The engine is the one that DOCKER_HOST names, with DOCKER_TLS_VERIFY,
// DOCKER_CERT_PATH and DOCKER_API_VERSION beside it, as the docker command has
// them; else the one on this machine's socket. The version of its API is agreed
// on with it. Nothing is connected before the first call, and a call to an engine
// that is away fails with one sentence that says what to do.
package docker
