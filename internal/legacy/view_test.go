package legacy

import "testing"

// What each type of task becomes, field by field, in both forms.
func TestView(t *testing.T) {
	for _, c := range []struct{ name, id, events, status, posted string }{
		{"a command that exits 4", "generic_task-0011223344", `
			status {"task":"generic_task","status":"queued","position":2,"cmd":"make"}
			status {"task":"generic_task","status":"queued","position":1,"cmd":"make"}
			status {"task":"generic_task","status":"running","cmd":"make","cwd":"/src"}
			line {"stream":"stdout","line":"a \"quoted\" line"}
			progress {"stream":"stdout","line":"42%","redraw":true}
			line {"stream":"stderr","line":""}
			end {"status":"completed","exit_code":4,"result":{"exit_code":4}}
		`, `
			{"task":"generic_task","task_id":"generic_task-0011223344","ts":1795464707.123,"cmd":"make","line":"a \"quoted\" line"}
			{"task":"generic_task","task_id":"generic_task-0011223344","ts":1795464707.123,"cmd":"make","line":""}
			{"task":"generic_task","task_id":"generic_task-0011223344","ts":1795464707.123,"cmd":"make","status":"completed","exit_code":4}
		`, `
			{"task":"generic_task","task_id":"generic_task-0011223344","cmd":"make","line":"a \"quoted\" line"}
			{"task":"generic_task","task_id":"generic_task-0011223344","cmd":"make","line":""}
			{"task":"generic_task","task_id":"generic_task-0011223344","cmd":"make","status":"completed","exit_code":4}
		`},
		{"a command that cannot start", "x", `
			status {"task":"generic_task","status":"running","cmd":"ls","cwd":"/nowhere"}
			end {"status":"error","error":"cannot run the command: no such directory"}
		`, `
			{"task":"generic_task","task_id":"x","ts":1795464707.123,"cmd":"ls","status":"error","error":"cannot run the command: no such directory"}
		`, `
			{"task":"generic_task","task_id":"x","cmd":"ls","status":"error","error":"cannot run the command: no such directory"}
		`},
		{"a command cancelled while it waits", "x", `
			status {"task":"generic_task","status":"queued","position":1,"cmd":"ls"}
			end {"status":"cancelled","error":"cancelled"}
		`, `
			{"task":"generic_task","task_id":"x","ts":1795464707.123,"cmd":"ls","status":"error","error":"cancelled","outcome":"cancelled"}
		`, `
			{"task":"generic_task","task_id":"x","cmd":"ls","status":"error","error":"cancelled","outcome":"cancelled"}
		`},
		{"a command that the hub's end broke off", "x", `
			status {"task":"generic_task","status":"running","cmd":"ls"}
			end {"status":"error","outcome":"interrupted"}
		`, `
			{"task":"generic_task","task_id":"x","ts":1795464707.123,"cmd":"ls","status":"error","error":"interrupted","outcome":"interrupted"}
		`, `
			{"task":"generic_task","task_id":"x","cmd":"ls","status":"error","error":"interrupted","outcome":"interrupted"}
		`},
		{"a build", "b", `
			status {"task":"docker_build","status":"running","tag":"app:1","context_path":"/tmp/c","dockerfile":"Dockerfile","inline":true,"app_id":"app","build_args":{"A":"1"}}
			line {"stream":"stdout","line":"Step 1/1 : FROM scratch"}
			end {"status":"completed","result":{"image_id":"sha256:ab","tag":"app:1"}}
		`, `
			{"task":"docker_build","task_id":"b","ts":1795464707.123,"stage":"build","status":"starting","tag":"app:1","context_path":"/tmp/c","dockerfile":"Dockerfile","inline":true,"app_id":"app","build_args":{"A":"1"}}
			{"task":"docker_build","task_id":"b","ts":1795464707.123,"stage":"build","status":"stream","chunk":{"stream":"Step 1/1 : FROM scratch\n"},"app_id":"app"}
			{"task":"docker_build","task_id":"b","ts":1795464707.123,"stage":"build","status":"completed","image_id":"sha256:ab","tag":"app:1","app_id":"app"}
		`, `
			{"task":"docker_build","task_id":"b","tag":"app:1","context_path":"/tmp/c","dockerfile":"Dockerfile","inline":true,"chunk":{"stream":"Step 1/1 : FROM scratch\n"},"app_id":"app"}
		`},
		{"a build without options that fails", "b", `
			status {"task":"docker_build","status":"running","context_path":"."}
			status {"task":"docker_build","status":"running","context_path":"."}
			line {"stream":"stdout","line":""}
			end {"status":"error","error":"it returned 1"}
		`, `
			{"task":"docker_build","task_id":"b","ts":1795464707.123,"stage":"build","status":"starting","tag":null,"context_path":".","dockerfile":null,"inline":false,"app_id":null,"build_args":{}}
			{"task":"docker_build","task_id":"b","ts":1795464707.123,"stage":"build","status":"stream","chunk":{"stream":"\n"},"app_id":null}
			{"task":"docker_build","task_id":"b","ts":1795464707.123,"stage":"build","status":"error","error":"it returned 1","app_id":null}
		`, `
			{"task":"docker_build","task_id":"b","tag":null,"context_path":".","dockerfile":null,"inline":false,"chunk":{"stream":"\n"},"app_id":null}
			{"task":"docker_build","task_id":"b","tag":null,"context_path":".","dockerfile":null,"inline":false,"app_id":null,"error":"it returned 1"}
		`},
		{"a pipeline whose push fails", "p", `
			status {"task":"html_site_pipeline","status":"running"}
			stage {"stage":"build","status":"starting","repo_tag":"me/site:latest"}
			line {"stream":"stdout","line":"Step 1/2"}
			stage {"stage":"build","status":"completed","repo_tag":"me/site:latest","image_id":"sha256:ab"}
			stage {"stage":"push","status":"starting","repo_tag":"me/site:latest"}
			stage {"stage":"push","status":"error","error":"denied"}
			end {"status":"error","error":"cannot push: denied"}
		`, `
			{"task":"html_site_pipeline","task_id":"p","ts":1795464707.123,"stage":"build","status":"starting","repo_tag":"me/site:latest"}
			{"task":"html_site_pipeline","task_id":"p","ts":1795464707.123,"stage":"build","status":"stream","chunk":{"stream":"Step 1/2\n"}}
			{"task":"html_site_pipeline","task_id":"p","ts":1795464707.123,"stage":"build","status":"completed","repo_tag":"me/site:latest","image_id":"sha256:ab"}
			{"task":"html_site_pipeline","task_id":"p","ts":1795464707.123,"stage":"push","status":"starting","repo_tag":"me/site:latest"}
			{"task":"html_site_pipeline","task_id":"p","ts":1795464707.123,"stage":"push","status":"error","error":"denied"}
		`, ""},
		{"a pipeline cancelled in a stage", "p", `
			status {"task":"html_site_pipeline","status":"running"}
			stage {"stage":"clone","status":"starting","repo_url":"https://git.test/site"}
			end {"status":"cancelled","error":"cancelled"}
		`, `
			{"task":"html_site_pipeline","task_id":"p","ts":1795464707.123,"stage":"clone","status":"starting","repo_url":"https://git.test/site"}
			{"task":"html_site_pipeline","task_id":"p","ts":1795464707.123,"stage":"clone","status":"error","error":"cancelled","outcome":"cancelled"}
		`, ""},
		{"a type that the older service did not know", "d", `
			status {"task":"deploy","status":"running"}
			line {"line":"hello"}
			stage null
			stage {"stage":"switch","status":"starting"}
			end {"status":"completed","result":{"url":"http://localhost"}}
		`, `
			{"task":"deploy","task_id":"d","ts":1795464707.123,"line":"hello"}
			{"task":"deploy","task_id":"d","ts":1795464707.123,"stage":"switch","status":"starting"}
			{"task":"deploy","task_id":"d","ts":1795464707.123,"status":"completed","result":{"url":"http://localhost"}}
		`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			expect(t, view(Status, c.id, c.events), c.status)
			if c.posted == "" {
				c.posted = c.status
			}
			expect(t, view(Posted, c.id, c.events), c.posted)
		})
	}
}

// A view that missed the beginning takes the type from the id, and tells null for what it does not know.
func TestBeginningMissed(t *testing.T) {
	lost := `
		gap {"topic":"tasks/x","count":3,"reason":"slow"}
		line {"line":"a"}`
	expect(t, view(Posted, "docker_build-1f0c9a77be", lost), `
		{"task":"docker_build","task_id":"docker_build-1f0c9a77be","tag":null,"context_path":null,"dockerfile":null,"inline":null,"chunk":{"stream":"a\n"},"app_id":null}`)
	expect(t, view(Posted, "mine", lost), `{"task":"generic_task","task_id":"mine","cmd":null,"line":"a"}`)
}

// A new run under the same id begins afresh, also where the end of the one before was missed.
func TestNewRun(t *testing.T) {
	first := `
		status {"task":"docker_build","status":"running","tag":"one"}`
	second := `
		status {"task":"docker_build","status":"running","tag":"two"}
		end {"status":"completed","result":{"image_id":"i"}}`
	starting := func(tag string) string {
		return `
			{"task":"docker_build","task_id":"x","ts":1795464707.123,"stage":"build","status":"starting","tag":"` + tag + `","context_path":null,"dockerfile":null,"inline":false,"app_id":null,"build_args":{}}`
	}
	done := func(tag string) string {
		return `
			{"task":"docker_build","task_id":"x","ts":1795464707.123,"stage":"build","status":"completed","image_id":"i","tag":"` + tag + `","app_id":null}`
	}
	end := `
		end {"status":"completed","result":{"image_id":"i"}}`
	expect(t, view(Status, "x", first+end+second), starting("one")+done("one")+starting("two")+done("two"))
	expect(t, view(Status, "x", first+`
		gap {"topic":"tasks/x","count":1,"reason":"slow"}`+second), starting("one")+starting("two")+done("two"))
	other := `
		status {"task":"generic_task","status":"running","cmd":"ls"}
		line {"line":"a"}`
	expect(t, view(Status, "x", first+other), starting("one")+`
		{"task":"generic_task","task_id":"x","ts":1795464707.123,"cmd":"ls","line":"a"}`)
}

// Data that is not what its kind promises, and kinds of others, are left out and do no harm.
func TestUnreadable(t *testing.T) {
	expect(t, view(Posted, "x", `
		status {"task":"generic_task","status":"running","cmd":"ls"}
		line
		line null
		line 5
		line {"line":5}
		line {"part":"one","line":"a"}
		line {"line":"b"
		stage ["a"]
		note {"line":"c"}
		line {"line":"d"}
	`), `{"task":"generic_task","task_id":"x","cmd":"ls","line":"d"}`)
}
