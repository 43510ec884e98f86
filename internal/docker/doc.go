// Package docker is a Docker engine in the hub's words. It knows the Docker SDK,
// and nobody else in the hub does.
//
//	e, err := docker.New(docker.Options{})
//	built, err := e.Build(ctx, docker.BuildSpec{Folder: "site", Tag: "site:1"}, task)
//	web, err := e.Run(ctx, docker.RunSpec{Image: "site:1", Name: "web"}, nil)
//
// The engine is the one that DOCKER_HOST names, with DOCKER_TLS_VERIFY,
// DOCKER_CERT_PATH and DOCKER_API_VERSION beside it, as the docker command has
// them; else the one on this machine's socket. The version of its API is agreed on
// with it at the first call. Nothing is connected before that.
//
// # Errors
//
// Each is an [Error] of a kind, in one sentence that is fit for a client, or that
// of a context that ended. A call to an engine that is away is [ErrUnavailable] and
// says what to do; so is one whose engine goes away in the middle. What the engine
// answers 500 or, in the middle of a stream, 200 with is told by its words: here,
// and nowhere else.
//
// # What runs for long
//
// [Engine.Build], [Engine.Pull], [Engine.Push], [Engine.Save] and [Engine.Load] tell
// a [Publisher], such as a task, of their output and progress while they run:
//
//	line      {"stream":"stdout","line":"a3ed95caeb02: Pull complete"}
//	progress  {"percent":42.5,"current":1234,"total":5678,"layers":[{"id":"a3ed95caeb02","status":"Downloading","current":12,"total":34}]}
//
// One progress event speaks for all of the work, at most four a second; percent
// never falls and is 100 at success alone. When the context ends, the engine stops
// too. Contexts, archives and files go through in pieces: no size is held in memory.
// [Engine.FollowOutput] tells what a container writes in the same way, lines alone.
//
// # Deploys
//
// What replaces a container by another finds the hub's own by [Engine.Labelled] and
// whoever holds a port by [Engine.PortHolders], makes one by [Engine.Create] before
// it starts it, and moves names of images by [Engine.ImageID], [Engine.Tag] and
// [Engine.Untag], which take nothing from anybody but that one name. A container
// whose making is cancelled is removed: the engine would finish it all the same.
//
// # What requests may name
//
// Folders of the host lie in [Options].Roots and are opened so that no link leads
// out of them; the Context of a [BuildSpec], an open folder of the hub's own, is
// for no request to choose. A container's settings are made from our fields alone; the host's
// network and the engine's socket are refused unless [Options].AllowHostAccess says
// otherwise. Ids and names are looked up first, and the full id is used after.
// Paths in containers are arguments of the archive API, never parts of a shell line.
//
// # Secrets
//
// Passwords of registries are kept in memory, by registry, and are taken out of
// every word that comes from the engine. What a login has verified stands above
// the docker command's own config.json with its helpers; a login that fails
// forgets nothing. The Login of a [PullSpec], a [PushSpec] or a [BuildSpec] stands
// above both, in that call alone: it goes to its own registry, is never remembered,
// and is taken out of that call's words. Values of build arguments and of environments whose names look
// secret are masked where they are shown.
package docker
