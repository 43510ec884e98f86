package pipeline

import (
	"cmp"
	"time"

	"hub/internal/docker"
	"hub/internal/git"
)

// HTMLSite is the older service's pipeline: a repository of files becomes an image of nginx, goes to a registry and back, and is served.
// The fields are those of its requests.
type HTMLSite struct {
	RepoURL       string
	Ref           string // a branch, a tag or a commit; "" is the default branch
	GitUsername   string // over those in RepoURL
	GitPassword   string
	DockerhubRepo string // youruser/site, or with a registry's host
	Tag           string // "" is latest
	Dockerfile    string // the repository's own, relative to it; "" is [siteDockerfile]
	Username      string // at the registry
	Password      string
	HostPort      int
	ContainerPort int           // 0 is 80
	ProbePath     string        // "" is /
	ProbeTimeout  time.Duration // 0 is 30 s
	Secrets       map[string]string
}

// siteDockerfile serves the files of a repository, which lie in the folder site of the build's context: nothing else is in the image.
const siteDockerfile = `FROM nginx:alpine
COPY site/ /usr/share/nginx/html/
EXPOSE 80
`

// Definition is the site's pipeline. Errors are of the kind docker.ErrInvalid and name the field.
func (s HTMLSite) Definition() (Definition, error) {
	repoTag, err := docker.RepoTag("dockerhub_repo", s.DockerhubRepo, cmp.Or(s.Tag, "latest"))
	if err != nil {
		return Definition{}, err
	}
	registry, err := docker.RegistryOf("dockerhub_repo", s.DockerhubRepo)
	if err != nil {
		return Definition{}, err
	}
	build := Build{RepoTag: repoTag, Dockerfile: s.Dockerfile}
	if s.Dockerfile == "" {
		build = Build{RepoTag: repoTag, Inline: siteDockerfile, whole: true}
	}
	where := git.Spec{URL: s.RepoURL, Local: everywhere}.Where()
	d := Definition{
		Type: TypeHTMLSite,
		Site: where,
		Stages: []Stage{
			{"clone", Clone{RepoURL: s.RepoURL, Ref: s.Ref, Username: s.GitUsername, Password: s.GitPassword}},
			{"build", build},
			{"login", Login{Registry: registry, Username: s.Username, Password: s.Password}},
			{"push", Push{RepoTag: repoTag}},
			{"pull", Pull{RepoTag: repoTag}},
			{"run", Run{HostPort: s.HostPort, Port: cmp.Or(s.ContainerPort, 80), Prefix: "html-site"}},
			{"probe", Probe{Path: s.ProbePath, Timeout: s.ProbeTimeout}},
		},
		fields: map[string]string{
			"stages.0.repo_url": "repo_url", "stages.0.ref": "ref", "stages.0.username": "git_username", "stages.0.password": "git_password",
			"stages.1.repo_tag": "dockerhub_repo", "stages.1.dockerfile": "dockerfile",
			"stages.2.username": "dockerhub_username", "stages.2.password": "dockerhub_password",
			"stages.3.repo_tag": "dockerhub_repo", "stages.4.repo_tag": "dockerhub_repo",
			"stages.5.host_port": "host_port", "stages.5.port": "container_port",
			"stages.6.path": "probe_path", "stages.6.timeout": "probe_timeout",
		},
		Secrets: s.Secrets,
		About:   map[string]any{"repo_url": where, "repo_tag": repoTag, "host_port": s.HostPort},
	}
	return d, d.Check()
}
