package http

import (
	"context"
	nethttp "net/http"

	"github.com/gofiber/fiber/v2"

	"hub/internal/system"
)

// role is who may use a route. There is no login yet, so everybody has every
// role; the table names them all the same.
type role string

const (
	viewer   role = "viewer"   // looks
	operator role = "operator" // publishes, and runs what is defined
	admin    role = "admin"    // may do on the host what the hub may
)

// bodies says what a route takes of a request's body.
type bodies int

const (
	noBody   bodies = iota // GET and the like
	jsonBody               // application/json, and nothing else
	anyBody                // any type: /stream
	maybe                  // application/json, or no body at all
	tarBody                // application/x-tar, streamed
)

// route is one line of the table.
type route struct {
	method string
	path   string
	role   role
	body   bodies
	about  string
	handle fiber.Handler
	doc    operation
}

// table is every route there is.
func (s *Server) table() []route {
	const get, post, put = nethttp.MethodGet, nethttp.MethodPost, nethttp.MethodPut
	return []route{
		{get, "/", viewer, noBody, "the page, or to programs the older service's greeting", rootHandler(s.env, s.pages), rootDoc},
		{get, "/docs", viewer, noBody, "the API, to read and to try", s.docs, docsDoc},
		{get, "/docs/*", viewer, noBody, "that page's files", s.docsFile, docsFileDoc},
		{get, "/openapi.json", viewer, noBody, "the API as an OpenAPI 3.1 document", s.openAPI, openAPIDoc},
		{get, "/ui/*", viewer, noBody, "the page, at the address of one of its views", s.ui, uiDoc},
		{get, "/assets/*", viewer, noBody, "the page's files", s.pages.file, assetDoc},
		{get, "/healthz", viewer, noBody, "200 while the process answers", healthHandler, healthDoc},
		{get, "/readyz", viewer, noBody, "200 while the hub can work, else 503 and why not", readyHandler(s.checks), readyDoc},
		{get, "/version", viewer, noBody, "which program this is", versionHandler(s.version), versionDoc},

		{get, "/stream", viewer, noBody, "follow several topics: ?topic=…&topic=…", s.openStream, streamsDoc},
		{get, "/stream/*", viewer, noBody, "follow a topic, as WebSocket, SSE, NDJSON, text or pages", s.openStream, streamDoc},
		{post, "/stream/*", operator, anyBody, "publish the body, as it arrives", s.publish, publishDoc},
		{put, "/stream/*", operator, anyBody, "publish the body, as it arrives", s.publish, publishDoc},
		{get, "/topics", viewer, noBody, "the topics there are: ?match=PATTERN", s.listTopics, topicsDoc},

		{post, "/tasks/run-stream", admin, jsonBody, "run a shell command and wait, or follow it live", s.runTask, runTaskDoc},
		{post, "/tasks/start", admin, jsonBody, "run a shell command; answers at once with its id", s.startTask, startTaskDoc},
		{post, "/tasks/:task_id/cancel", operator, maybe, "end a task; answers when it is gone", s.cancelTask, cancelTaskDoc},
		{post, "/tasks/:task_id/rerun", operator, maybe, "start a new task that does what this one does or did", s.rerunTask, rerunTaskDoc},
		{get, "/tasks", viewer, noBody, "the tasks, newest first: ?status=…&type=…&limit=…", s.listTasks, tasksDoc},
		{get, "/tasks/status/:task_id", viewer, noBody, "a task and its events: ?limit=1000", s.taskStatus, taskStatusDoc},
		{get, "/tasks/logs/:task_id", viewer, noBody, "a task's last lines: ?tail=200", s.taskLogs, taskLogsDoc},

		{post, "/pipeline/html-site/start", admin, jsonBody, "deploy a repository of files as a site; answers at once with the task's id", s.startSite, startSiteDoc},
		{post, "/pipeline/html-site", admin, jsonBody, "the same and wait, or follow it live", s.runSite, siteDoc},
		{post, "/pipeline/start", admin, jsonBody, "run a pipeline of one's own stages; answers at once with the task's id", s.startOwn, startPipelineDoc},
		{post, "/pipeline/:task_id/retry", operator, maybe, "run a pipeline again from the stage that failed", s.retryPipeline, retryDoc},
		{get, "/pipeline", viewer, noBody, "the pipelines, newest first: ?status=…&limit=…", s.listPipelines, pipelinesDoc},
		{get, "/pipeline/:task_id", viewer, noBody, "a pipeline and its stages", s.onePipeline, pipelineDoc},

		{get, "/system/info", viewer, noBody, "the machine", infoHandler(func(context.Context) (system.Info, error) { return s.system.Info() }), systemInfoDoc},
		{get, "/system/usage", viewer, noBody, "what is in use of it", infoHandler(func(context.Context) (system.Usage, error) { return s.system.Usage(), nil }), systemUsageDoc},
		{get, "/system/top", viewer, noBody, "the busiest processes: ?sort=cpu|memory&limit=10", topHandler(s.top), systemTopDoc},
		{get, "/system/hub", viewer, noBody, "the hub's own figures: readers, history, lag, forwarders", s.hubFigures, hubFiguresDoc},

		{post, "/docker/build", admin, jsonBody, "build an image from a folder and wait, or follow it live", s.buildImage, buildDoc},
		{post, "/docker/build-stream", admin, jsonBody, "the same with a Dockerfile of one's own, arguments, a git repository, …", s.buildStream, buildStreamDoc},
		{post, "/docker/build/start", admin, jsonBody, "build from a Dockerfile alone; answers at once with the task's id", s.startBuild, startBuildDoc},
		{post, "/docker/tag", operator, jsonBody, "give an image another name", s.tagImage, tagDoc},
		{post, "/docker/login", operator, jsonBody, "log in to a registry, for later pushes and pulls", s.login, loginDoc},
		{post, "/docker/push", operator, jsonBody, "push an image and wait, or follow it live", s.pushImage, pushDoc},
		{post, "/docker/pull", operator, jsonBody, "pull an image and wait, or follow it live", s.pullImage, pullDoc},
		{post, "/docker/save", admin, jsonBody, "write an image to a tar file of the host", s.saveImage, saveDoc},
		{post, "/docker/load", admin, jsonBody, "read images from a tar file of the host", s.loadImage, loadDoc},
		{get, "/docker/images", viewer, noBody, "the images there are", s.listImages, imagesDoc},
		{post, "/docker/rmi", operator, jsonBody, "remove an image", s.removeImage, rmiDoc},

		{post, "/docker/run", admin, jsonBody, "run a container; a missing image is pulled", s.runContainer, runDoc},
		{post, "/docker/run-extended", admin, jsonBody, "run a container with mounts, limits, a network and log settings", s.runExtended, runExtendedDoc},
		{get, "/docker/containers", viewer, noBody, "the containers: ?all=true for those that do not run, too", s.listContainers, containersDoc},
		{get, "/docker/logs/:id_or_name", viewer, noBody, "a container's last lines: ?tail=100", s.containerLogs, logsDoc},
		{post, "/docker/start", operator, jsonBody, "start a container", s.startContainer, startDoc},
		{post, "/docker/stop", operator, jsonBody, "stop a container", s.stopContainer, stopDoc},
		{post, "/docker/rm", operator, jsonBody, "remove a container", s.removeContainer, rmDoc},
		{post, "/docker/container/start", operator, jsonBody, "start a container", s.startContainer, startDoc},
		{post, "/docker/container/restart", operator, jsonBody, "restart a container", s.restartContainer, restartDoc},
		{post, "/docker/container/pause", operator, jsonBody, "pause a container", s.pauseContainer, pauseDoc},
		{post, "/docker/container/unpause", operator, jsonBody, "let a paused container go on", s.unpauseContainer, unpauseDoc},
		{post, "/docker/container/kill", operator, jsonBody, "send a signal to a container", s.killContainer, killDoc},
		{post, "/docker/container/update", operator, jsonBody, "change a container's limits and restart policy", s.updateContainer, updateDoc},
		{get, "/docker/container/inspect/:id_or_name", viewer, noBody, "all about a container", s.inspectContainer, inspectDoc},
		{get, "/docker/container/stats/:id_or_name", viewer, noBody, "what a container uses now", s.containerStats, statsDoc},
		{get, "/docker/container/top/:id_or_name", viewer, noBody, "a container's processes", s.containerTop, topDoc},

		{post, "/docker/exec", admin, jsonBody, "run a command in a container and wait, or as a task", s.execInContainer, execDoc},
		{get, "/docker/exec/:name/attach", admin, noBody, "a terminal in a container, over WebSocket", s.attachExec, attachDoc},

		{post, "/docker/container/fs/list", viewer, jsonBody, "list files in a container", s.listFiles, listFilesDoc},
		{post, "/docker/container/fs/read", viewer, jsonBody, "read a file in a container", s.readFile, readFileDoc},
		{post, "/docker/container/fs/write", admin, jsonBody, "write a file in a container", s.writeFile, writeFileDoc},
		{post, "/docker/container/fs/mkdir", admin, jsonBody, "make a folder in a container, its parents too", s.makeFolder, mkdirDoc},
		{post, "/docker/container/fs/delete", admin, jsonBody, "delete a path in a running container", s.deleteFile, deleteFileDoc},
		{get, "/docker/container/fs/download", viewer, noBody, "a path of a container as a tar: ?id_or_name=…&path=…", s.downloadFiles, downloadDoc},
		{post, "/docker/container/fs/upload", admin, tarBody, "unpack a tar in a container: ?id_or_name=…&path=…", s.uploadFiles, uploadDoc},

		{post, "/docker/volume/create", operator, jsonBody, "create a volume", s.createVolume, createVolumeDoc},
		{get, "/docker/volume/list", viewer, noBody, "the volumes there are", s.listVolumes, volumesDoc},
		{post, "/docker/volume/remove", operator, jsonBody, "remove a volume", s.removeVolume, removeVolumeDoc},
		{post, "/docker/network/create", operator, jsonBody, "create a network", s.createNetwork, createNetworkDoc},
		{get, "/docker/network/list", viewer, noBody, "the networks there are", s.listNetworks, networksDoc},
		{post, "/docker/network/remove", operator, jsonBody, "remove a network", s.removeNetwork, removeNetworkDoc},
		{post, "/docker/network/connect", operator, jsonBody, "connect a container to a network", s.connectNetwork, connectDoc},
		{post, "/docker/network/disconnect", operator, jsonBody, "disconnect a container from a network", s.disconnectNetwork, disconnectDoc},
		{post, "/docker/prune", admin, maybe, "remove what nobody uses; says what that freed", s.prune, pruneDoc},
	}
}

// register gives the table to the app. What takes a GET takes a HEAD.
func (s *Server) register() {
	s.routes = s.table()
	for _, r := range s.routes {
		handlers := []fiber.Handler{r.handle}
		switch r.body {
		case jsonBody:
			handlers = append([]fiber.Handler{wantJSON}, handlers...)
		case maybe:
			handlers = append([]fiber.Handler{wantJSONOrNothing}, handlers...)
		case tarBody:
			handlers = append([]fiber.Handler{wantTar}, handlers...)
		}
		if r.method == nethttp.MethodGet {
			s.app.Head(r.path, handlers...)
		}
		s.app.Add(r.method, r.path, handlers...)
	}
}

// wantJSONOrNothing stands before routes that need no body.
func wantJSONOrNothing(c *fiber.Ctx) error {
	if len(c.Request().Header.ContentType()) == 0 && c.Request().Header.ContentLength() == 0 {
		return c.Next()
	}
	return wantJSON(c)
}

func (s *Server) top(ctx context.Context, sort string, limit int) ([]system.Process, error) {
	return s.system.Top(ctx, system.Sort(sort), limit)
}
