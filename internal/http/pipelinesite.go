package http

import (
	"encoding/json"
	"time"

	"github.com/gofiber/fiber/v2"

	"hub/internal/pipeline"
)

// siteBody is the body of the html-site routes.
type siteBody struct {
	RepoURL       string            `json:"repo_url" description:"the site's repository, by http, https or ssh; one of the older service's by default"`
	Ref           string            `json:"ref" description:"its branch, tag or whole commit id; its default branch by default"`
	GitUsername   string            `json:"git_username" check:"loose" description:"over one in repo_url"`
	GitPassword   string            `json:"git_password" check:"loose" description:"or a token; kept in memory for this pipeline alone, and never shown"`
	DockerhubRepo string            `json:"dockerhub_repo" check:"required" description:"where the image goes: youruser/html-site, or with a registry's host registry.example:5000/site"`
	Tag           string            `json:"tag" check:"loose" description:"of the image; latest by default"`
	HostPort      int               `json:"host_port" check:"loose" description:"where the site is served, of the engine's host; 8080 by default"`
	Username      string            `json:"dockerhub_username" check:"loose" description:"the registry's user, over the hub's DOCKERHUB_USERNAME; without either, what the hub is logged in with"`
	Password      string            `json:"dockerhub_password" check:"loose" description:"that user's, or a token; kept in memory for this pipeline alone, and never shown"`
	Dockerfile    string            `json:"dockerfile" description:"one of the repository's own, such as Dockerfile; by default its files become those of an nginx:alpine"`
	ContainerPort int               `json:"container_port" check:"loose" description:"where the container listens; 80 by default"`
	ProbePath     string            `json:"probe_path" description:"what the site is asked for; / by default"`
	ProbeTimeout  float64           `json:"probe_timeout" check:"loose" description:"seconds that it may take to answer, at most 600; 30 by default"`
	Secrets       map[string]string `json:"secrets" check:"loose" description:"by name: values that are shown nowhere, of four characters or more"`
	TaskID        string            `json:"task_id" description:"the task's id; one is made by default"`
}

// newSiteBody holds what stands where a request says nothing.
func newSiteBody() siteBody {
	return siteBody{RepoURL: "https://github.com/ikwerre-dev/html-site", Tag: "latest", HostPort: 8080}
}

func (b siteBody) definition() (pipeline.Definition, error) {
	return pipeline.HTMLSite{
		RepoURL: b.RepoURL, Ref: b.Ref, GitUsername: b.GitUsername, GitPassword: b.GitPassword,
		DockerhubRepo: b.DockerhubRepo, Tag: b.Tag, Username: b.Username, Password: b.Password,
		Dockerfile: b.Dockerfile, HostPort: b.HostPort, ContainerPort: b.ContainerPort,
		ProbePath: b.ProbePath, ProbeTimeout: inSeconds(b.ProbeTimeout), Secrets: b.Secrets,
	}.Definition()
}

// inSeconds is a duration that a body gives in seconds. What is beyond any that is allowed stays that.
func inSeconds(n float64) time.Duration {
	const most = 1e6
	return time.Duration(max(-most, min(n, most)) * float64(time.Second))
}

const aboutSite = "Seven stages, whose events are those of the task: clone the repository; build an image of it; log in to the registry that `dockerhub_repo` names; " +
	"push; pull; run it on `host_port`; probe it until it answers. What the hub runs of the same repository or on the same port goes on serving until the new one has answered, " +
	"and serves on when that fails (outcome `rolled_back`). Nothing else is replaced: a port that anybody else holds is an error of the stage run, before the first stage begins. "

var exampleSite = siteBody{RepoURL: "https://git.example/team/site", DockerhubRepo: "registry.example:5000/site", Tag: "1.4.2", HostPort: 8080}

var startSiteDoc = operation{
	more:  aboutSite + "A pipeline that failed can be retried from where it did, see retry.",
	takes: exampleSite,
	gives: startAnswer{TaskID: "html_site_pipeline-1f0c9a77be", Status: "started", Stream: "/stream/tasks/html_site_pipeline-1f0c9a77be"},
	fails: []int{401, 403, 409, 503},
}

// startSite is POST /pipeline/html-site/start.
func (s *Server) startSite(c *fiber.Ctx) error {
	body := newSiteBody()
	if err := decode(c, &body); err != nil {
		return err
	}
	d, err := body.definition()
	if err != nil {
		return err
	}
	t, err := s.startPipeline(d, body.TaskID)
	if err != nil {
		return err
	}
	c.Set("X-Task-Id", t.ID())
	return c.JSON(started(t))
}

// siteAnswer is what /pipeline/html-site answers with, and the result of its task beside task_id.
type siteAnswer struct {
	Status   string                     `json:"status" description:"ok"`
	RepoURL  string                     `json:"repo_url" description:"without credentials"`
	RepoTag  string                     `json:"repo_tag" description:"the image's name"`
	Commit   string                     `json:"commit" description:"of the repository, that was deployed"`
	HostPort int                        `json:"host_port"`
	URL      string                     `json:"url" description:"where the site is"`
	Run      siteRun                    `json:"run"`
	Probe    siteProbe                  `json:"probe"`
	Stages   map[string]json.RawMessage `json:"stages" description:"by name, what the last event of each says"`
	TaskID   string                     `json:"task_id" description:"the task's events are the topic tasks/ID"`
}

type siteRun struct {
	ID     string `json:"id" description:"of the container that serves"`
	Name   string `json:"name"`
	Status string `json:"status" description:"the engine's word"`
}

type siteProbe struct {
	StatusCode int   `json:"status_code"`
	Length     int64 `json:"length" description:"bytes of the answer"`
	OK         bool  `json:"ok"`
}

var siteDoc = operation{
	more:  aboutSite + "A failure is answered with the status of its cause, and names the stage. Who leaves ends nothing.",
	takes: exampleSite,
	gives: siteAnswer{
		Status: "ok", RepoURL: "https://git.example/team/site", RepoTag: "registry.example:5000/site:1.4.2", Commit: "9fceb02d0ae598e95dc970b74767f19372d61af8",
		HostPort: 8080, URL: "http://localhost:8080/", Run: siteRun{exampleID, "html-site-9fceb0", "running"}, Probe: siteProbe{200, 612, true},
		Stages: map[string]json.RawMessage{"clone": json.RawMessage(`{"commit":"9fceb02d0ae598e95dc970b74767f19372d61af8","duration_sec":0.412,"exit_code":0,"repo_url":"https://git.example/team/site"}`)},
		TaskID: "html_site_pipeline-1f0c9a77be",
	},
	fails: []int{400, 401, 403, 404, 409, 413, 502, 503},
	live:  true,
}

// runSite is POST /pipeline/html-site.
func (s *Server) runSite(c *fiber.Ctx) error {
	body := newSiteBody()
	if err := decode(c, &body); err != nil {
		return err
	}
	d, err := body.definition()
	if err != nil {
		return err
	}
	return s.waitForPipeline(c, d, body.TaskID)
}
