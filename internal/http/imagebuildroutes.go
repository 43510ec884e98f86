package http

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"hub/internal/docker"
)

// buildAnswer is what /docker/build answers with.
type buildAnswer struct {
	buildResult
	outputInfo
}

const aboutBuilds = "A build that fails is a 422 with the engine's words, one that somebody cancels a 409. " +
	"At most so many run at once as builds_running says, the others wait for their turn."

var exampleSteps = []docker.Step{
	{Line: 1, Op: "FROM", Instruction: "FROM nginx:alpine", Args: "nginx:alpine"},
	{Line: 2, Op: "COPY", Instruction: "COPY . /usr/share/nginx/html", Args: ". /usr/share/nginx/html"},
}

var exampleTag = "site:latest"

var buildDoc = operation{
	more:  aboutBuilds,
	takes: buildBody{Path: "/srv/site", Tag: exampleTag},
	gives: buildAnswer{
		buildResult{"ok", exampleDigest, &exampleTag, "Dockerfile", false, 3.218, exampleSteps, 2, "", nil},
		outputInfo{"Step 1/2 : FROM nginx:alpine\n ---> 5f7c3c0f1d3f\n", false, "docker_build-1f0c9a77be"},
	},
	fails: []int{400, 401, 403, 404, 409, 502, 503},
	live:  true,
}

// buildImage is POST /docker/build.
func (s *Server) buildImage(c *fiber.Ctx) error {
	body := buildBody{}
	if err := decode(c, &body); err != nil {
		return err
	}
	spec := body.spec()
	spec.Folder, spec.Tag, spec.Dockerfile, spec.Args = body.Path, body.Tag, body.Dockerfile, body.BuildArgs
	if spec.Folder == "" && spec.GitURL == "" {
		spec.Folder = "."
	}
	return carryOut(s, c, s.buildWork(spec, body.TaskID, ""), func(j *job[buildResult]) any {
		return buildAnswer{j.result, j.info(s)}
	})
}

// chunkObject is one object of the engine's output.
type chunkObject struct {
	Stream string `json:"stream" description:"one line, with its end"`
}

// buildStreamAnswer is what /docker/build-stream answers with.
type buildStreamAnswer struct {
	buildResult
	Logs   []chunkObject `json:"logs" description:"the last ten of the output"`
	TaskID string        `json:"task_id" description:"the task's events are the topic tasks/ID"`
}

var buildStreamDoc = operation{
	more: aboutBuilds,
	takes: buildStreamBody{
		ContextPath: "/srv/site", Tag: exampleTag, BuildArgs: map[string]string{"VERSION": "1.4.2"},
		inlineBody: inlineBody{"FROM nginx:alpine\nCOPY . /usr/share/nginx/html\n", "Dockerfile", true},
	},
	gives: buildStreamAnswer{
		buildResult{"ok", exampleDigest, &exampleTag, "Dockerfile", true, 3.218, exampleSteps, 2, "", nil},
		[]chunkObject{{"Step 1/2 : FROM nginx:alpine\n"}, {" ---> 5f7c3c0f1d3f\n"}}, "docker_build-1f0c9a77be",
	},
	fails: []int{400, 401, 403, 404, 409, 502, 503},
	live:  true,
}

// buildStream is POST /docker/build-stream.
func (s *Server) buildStream(c *fiber.Ctx) error {
	body := buildStreamBody{inlineBody: inlineBody{Cleanup: true}}
	if err := decode(c, &body); err != nil {
		return err
	}
	if body.ContextPath == "" && body.GitURL == "" {
		return unprocessable(fault{[]any{"body", "context_path"}, "field required", "value_error.missing"})
	}
	spec := body.add(body.spec())
	spec.Folder, spec.Tag, spec.Dockerfile, spec.Args = body.ContextPath, body.Tag, body.Dockerfile, body.BuildArgs
	return carryOut(s, c, s.buildWork(spec, body.TaskID, ""), func(j *job[buildResult]) any {
		const chunks = 10
		answer := buildStreamAnswer{j.result, []chunkObject{}, j.ID()}
		for _, line := range s.lastLines(j.Snapshot(), chunks) {
			answer.Logs = append(answer.Logs, chunkObject{line + "\n"})
		}
		return answer
	})
}

var startBuildDoc = operation{
	more: "The context holds the Dockerfile alone, or is the repository at git_url. At most so many builds run at once as builds_running says, the others wait for their turn.",
	takes: startBuildBody{
		AppID: "site", BuildArgs: map[string]string{"VERSION": "1.4.2"},
		inlineBody: inlineBody{"FROM nginx:alpine\nRUN date > /usr/share/nginx/html/index.html\n", "Dockerfile", true},
	},
	gives: startAnswer{TaskID: "docker_build-1f0c9a77be", Status: "started", Stream: "/stream/tasks/docker_build-1f0c9a77be", Queued: true, Position: 1},
	fails: []int{409, 503},
}

// startBuild is POST /docker/build/start.
func (s *Server) startBuild(c *fiber.Ctx) error {
	body := startBuildBody{inlineBody: inlineBody{Cleanup: true}}
	if err := decode(c, &body); err != nil {
		return err
	}
	if body.Content == "" && body.GitURL == "" {
		return unprocessable(fault{[]any{"body", "dockerfile_content"}, "field required", "value_error.missing"})
	}
	spec := body.add(body.spec())
	spec.Tag, spec.Dockerfile, spec.Args = body.Tag, body.Dockerfile, body.BuildArgs
	named := "tag"
	if spec.Tag == "" && body.AppID != "" {
		spec.Tag, named = body.AppID+":latest", "app_id"
	}
	j, err := begin(s, s.buildWork(spec, body.TaskID, body.AppID))
	if bad := (*docker.Error)(nil); errors.As(err, &bad) && bad.Field == "tag" {
		bad.Field = named
	}
	if err != nil {
		return err
	}
	c.Set("X-Task-Id", j.ID())
	return c.JSON(started(j.Task))
}
