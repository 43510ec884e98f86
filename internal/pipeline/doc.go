// Package pipeline deploys: it runs stages such as clone, build, push and run, one after another, as one task that is watched while it
// runs.
//
//	runner, err := pipeline.New(pipeline.Options{Tasks: tasks, Engine: engine, Folder: folder})
//	t, err := runner.Start(pipeline.HTMLSite{RepoURL: url, DockerhubRepo: "youruser/site", HostPort: 8080}.Definition(), "")
//	<-t.Done()
//	t, err = runner.Retry(t.ID(), pipeline.Retry{})
//
// # Definitions
//
// A [Definition] is data: stages, each with a name and a [Step] of one of eight kinds. What one stage has made the next ones use: the
// clone's files, the build's image, the login's credentials. [HTMLSite] is the pipeline of the older service as such data.
//
//	clone  fetches one commit, without its history, into the run's workspace
//	shell  runs a command there
//	build  builds an image of it
//	login  takes credentials for a registry, for this run alone
//	push   pushes the image, and takes note of its digest
//	pull   pulls it, and fails when that digest has changed
//	run    runs it in place of what the hub runs of the same site or on the same port
//	probe  asks it until it answers; then it takes the port
//
// # Events
//
// A run's events are those of its task. Each stage says that it starts and how it ended, with the facts of its kind; what it prints is
// line and progress events between the two. The last of an open stage is its error.
//
//	stage     {"stage":"clone","status":"starting","repo_url":"https://example.com/site"}
//	line      {"stream":"stderr","line":"Enumerating objects: 12, done."}
//	progress  {"stage":"push","percent":62.5,"stage_percent":50,"current":…,"total":…,"layers":[…]}
//	stage     {"stage":"clone","status":"completed","repo_url":…,"exit_code":0,"commit":"…","duration_sec":0.412}
//	stage     {"stage":"clone","status":"completed","reused":true,…}      of a retry: not run again
//	stage     {"stage":"push","status":"error","error":"cannot push …","duration_sec":0.1}
//
// percent is that of the whole run, each stage an equal share of it.
//
// # What a failure leaves
//
// A run that fails or is cancelled removes the containers that it has started and puts image names back to what they were, but for those
// that somebody else has given to another image since. Its files and its image are kept for a retry, the image under a name of the hub's
// own, [Options].KeepFor long after its end; then, and when the runner is closed, they go, an image that runs under no other name with
// its last container. Credentials are those of the run alone, kept in memory until its task is forgotten.
//
// # Replacing
//
// Containers that a run has started carry labels: hub.site, hub.port, hub.task. Such a container is replaced by the next one of the
// same site or on the same port; no other is touched. A port that anybody else holds is an error of the stage run before the first
// stage begins. Deploys of one site, or to one port, go one after another.
//
// Where there is something to replace, the stage run starts a candidate on a free port. Once the stage probe has had its answer, the old
// container stops and the new one, made of the same image, starts on the port; it is probed there, and the old one removed. When any of
// that fails the candidate goes, the old container serves as before, or again, and the outcome is rolled_back. Where the port is free, as
// for a site that moves to another one, the container runs on it at once, and the old one goes when it has answered. One that no probe
// asks must stay up for a second instead, without being started again. What has come so far stays, whatever becomes of the stages after it.
//
// Further labels, hub.owner, hub.candidate, hub.replaces, hub.deploy and hub.name, and a file beside the workspaces for each deploy
// that is not at its end let [Runner.Recover] end at the next start what a killed hub was in the middle of, a roll back among it, and
// later what an engine did not do when it was asked.
package pipeline
