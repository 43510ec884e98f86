package http

import (
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"hub/internal/legacy"
	"hub/internal/pipeline"
	"hub/internal/task"
)

// pipelineInfo is a run as GET /pipeline lists it.
type pipelineInfo struct {
	taskInfo
	Site      string          `json:"site" description:"what it deploys"`
	Stages    []stageInfo     `json:"stages" description:"in their order"`
	RetryOf   string          `json:"retry_of,omitempty" description:"the task that it retries"`
	RetriedAs string          `json:"retried_as,omitempty" description:"the task that retries it"`
	RetryFrom string          `json:"retry_from,omitempty" description:"the stage that a retry would begin at"`
	KeptUntil *legacy.Seconds `json:"kept_until,omitempty" description:"how long it can be retried from there"`
}

// stageInfo is how a stage of a run stands.
type stageInfo struct {
	Stage    string          `json:"stage"`
	Kind     string          `json:"kind" enum:"clone,shell,build,login,push,pull,run,probe"`
	Status   string          `json:"status" enum:"waiting,running,completed,error,skipped"`
	Reused   bool            `json:"reused,omitempty" description:"it completed in the run that this one retries, and was not run again"`
	Started  *legacy.Seconds `json:"started_at,omitempty"`
	Duration *float64        `json:"duration_sec,omitempty" description:"seconds, once it has ended"`
	Error    string          `json:"error,omitempty"`
	Facts    json.RawMessage `json:"facts,omitempty" description:"of one pipeline, not of a list: what the stage's last event says beside, such as commit, image_id, digest, container_id"`
}

func newPipelineInfo(t task.Snapshot, p pipeline.Info, facts bool) pipelineInfo {
	info := pipelineInfo{
		taskInfo: newTaskInfo(t), Site: p.Site, Stages: []stageInfo{},
		RetryOf: p.RetryOf, RetriedAs: p.RetriedAs, RetryFrom: p.RetryFrom, KeptUntil: seconds(p.KeptUntil),
	}
	for _, s := range p.Stages {
		stage := stageInfo{Stage: s.Name, Kind: s.Kind, Status: s.Status, Reused: s.Reused, Started: seconds(s.Started), Error: s.Error}
		if !s.Started.IsZero() && s.Status != "running" {
			stage.Duration = new(float64(s.Duration.Milliseconds()) / 1000)
		}
		if facts && len(s.Facts) > 0 {
			stage.Facts, _ = encodeJSON(s.Facts)
		}
		info.Stages = append(info.Stages, stage)
	}
	return info
}

// pipelineList is the answer of GET /pipeline.
type pipelineList struct {
	Pipelines []pipelineInfo `json:"pipelines"`
	Total     int            `json:"total" description:"how many fit, however many are listed"`
}

var examplePipeline = pipelineInfo{
	taskInfo: taskInfo{
		ID: "html_site_pipeline-1f0c9a77be", Type: "html_site_pipeline", Status: task.Error, Outcome: "error", Error: "cannot push registry.example:5000/site:1.4.2: nobody answers",
		Created: exampleTime, Updated: exampleTime, Started: &exampleTime, Ended: &exampleTime, Stream: "/stream/tasks/html_site_pipeline-1f0c9a77be",
		About: json.RawMessage(`{"host_port":8080,"repo_tag":"registry.example:5000/site:1.4.2","repo_url":"https://git.example/team/site"}`),
	},
	Site: "https://git.example/team/site",
	Stages: []stageInfo{
		{Stage: "clone", Kind: "clone", Status: "completed", Started: &exampleTime, Duration: new(0.412)},
		{Stage: "push", Kind: "push", Status: "error", Started: &exampleTime, Duration: new(0.071), Error: "cannot push registry.example:5000/site:1.4.2: nobody answers"},
		{Stage: "run", Kind: "run", Status: "skipped"},
	},
	RetryFrom: "push", KeptUntil: &exampleTime,
}

var pipelinesDoc = operation{
	query: []parameter{
		{"status", "error", "Only those of this status or outcome, or queued."},
		{"limit", 100, "At most so many, from 1 to 10,000."},
	},
	gives: pipelineList{[]pipelineInfo{examplePipeline}, 1},
	fails: []int{400, 422},
}

// listPipelines is GET /pipeline.
func (s *Server) listPipelines(c *fiber.Ctx) error {
	q, err := parseQuery(c, []string{"status", "limit"})
	if err != nil {
		return err
	}
	limit, err := queryInt(c, "limit", 100, 1, mostPage)
	if err != nil {
		return err
	}
	list := pipelineList{Pipelines: []pipelineInfo{}}
	for _, t := range s.tasks.List(task.Filter{Status: q.Get("status")}) {
		p, is := s.pipelineOf(t)
		if !is {
			continue
		}
		if list.Total++; list.Total <= limit {
			list.Pipelines = append(list.Pipelines, newPipelineInfo(t, p, false))
		}
	}
	return c.JSON(list)
}

// pipelineOf is the run that a task is.
func (s *Server) pipelineOf(t task.Snapshot) (pipeline.Info, bool) {
	if s.pipelines == nil || t.Type != pipeline.TypeHTMLSite && t.Type != pipeline.TypeOwn {
		return pipeline.Info{}, false
	}
	return s.pipelines.Info(t.ID)
}

var pipelineDoc = operation{gives: examplePipeline, fails: []int{404}}

// onePipeline is GET /pipeline/{task_id}.
func (s *Server) onePipeline(c *fiber.Ctx) error {
	id := param(c, "task_id")
	t, known := s.tasks.Get(id)
	p, is := s.pipelineOf(t)
	if !known || !is {
		return notFound("there is no pipeline %s (GET /pipeline lists them)", shorten(id))
	}
	return c.JSON(newPipelineInfo(t, p, true))
}
