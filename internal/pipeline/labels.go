package pipeline

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"hub/internal/docker"
)

// Labels of the containers that runs start.
const (
	labelSite      = "hub.site"      // what is deployed
	labelPort      = "hub.port"      // of the host, that it is deployed on
	labelTask      = "hub.task"      // the run's
	labelOwner     = "hub.owner"     // the hub's, as its folder is named
	labelCandidate = "hub.candidate" // true while it is to show that it answers, on another port
	labelReplaces  = "hub.replaces"  // ids of those that ran before it, with commas between
	labelDeploy    = "hub.deploy"    // the deploy's, as its mark is named; its candidate has the same
	labelName      = "hub.name"      // that it has once the deploy has come through
)

// labels are those of a container that is to stay.
func (d *deploy) labels(r *run) map[string]string {
	var served []string
	for _, c := range d.old {
		if up(c) {
			served = append(served, c.ID)
		}
	}
	return map[string]string{
		labelSite: d.site, labelPort: strconv.Itoa(d.port), labelTask: r.task.ID(), labelOwner: r.instance.name,
		labelCandidate: "false", labelReplaces: strings.Join(served, ","),
		labelDeploy: d.unique, labelName: d.name, // also over what the image may say
	}
}

// candidate reports whether a container is one.
func candidate(c docker.Container) bool { return c.Labels[labelCandidate] == "true" }

// deployOf is the name of a container's deploy.
func deployOf(c docker.Container) string {
	return cmp.Or(c.Labels[labelDeploy], strings.TrimSuffix(c.Name, candidateSuffix))
}

// replaces are the ids of what a container was started in place of.
func replaces(c docker.Container) []string {
	return slices.DeleteFunc(strings.Split(c.Labels[labelReplaces], ","), func(id string) bool { return id == "" })
}

// up reports whether a container runs, is paused, or is about to run again.
func up(c docker.Container) bool {
	return c.Status == "running" || c.Status == "paused" || c.Status == "restarting"
}
