package http

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	nethttp "net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	gosse "github.com/tmaxmax/go-sse"

	"hub/internal/docker/dockertest"
)

// noisy is a Dockerfile whose one step writes many lines.
func noisy(t testing.TB) string {
	return "FROM " + dockertest.Image(t) + "\nRUN for i in $(seq 200); do echo line $i; done\n"
}

// linesOf are the texts of the line events.
func linesOf(events []event) string {
	var all strings.Builder
	for _, e := range events {
		if e.Type == "line" {
			all.WriteString(e.Data.Line + "\n")
		}
	}
	return all.String()
}

// live posts a body with an Accept and reads the stream it is answered with.
func (h *dockerHub) live(path, accept string, body any) (events []event, text string, answer *nethttp.Response) {
	h.t.Helper()
	r, err := nethttp.NewRequest("POST", "http://"+h.addr+path, strings.NewReader(h.encoded(body)))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Accept", accept)
	r.Header.Set("Content-Type", "application/json")
	answer, err = nethttp.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close()
	if kind := answer.Header.Get("Content-Type"); answer.StatusCode != 200 || !strings.HasPrefix(kind, accept) || answer.Header.Get("X-Task-Id") == "" {
		all, _ := io.ReadAll(answer.Body)
		h.t.Fatalf("POST %s as %s: %d %v %s", path, accept, answer.StatusCode, answer.Header, all)
	}
	add := func(object string) {
		e := event{raw: object}
		if err := json.Unmarshal([]byte(object), &e); err != nil {
			h.t.Fatalf("%q: %v", object, err)
		}
		if !e.own() {
			events = append(events, e)
		}
	}
	switch accept {
	case "text/event-stream":
		for e, err := range gosse.Read(answer.Body, &gosse.ReadConfig{MaxEventSize: 1 << 20}) {
			if err != nil {
				h.t.Fatal(err)
			}
			if e.Data != "" {
				add(e.Data)
			}
		}
	case "application/x-ndjson":
		in := bufio.NewScanner(answer.Body)
		in.Buffer(nil, 1<<20)
		for in.Scan() {
			add(in.Text())
		}
	default:
		var all bytes.Buffer
		if _, err := all.ReadFrom(answer.Body); err != nil {
			h.t.Fatal(err)
		}
		text = all.String()
	}
	return events, text, answer
}

func TestABuildIsWatchedOnAllTransportsWithTheSameLines(t *testing.T) {
	h := startDockerHub(t)
	id := h.must("/docker/build/start", map[string]any{"dockerfile_content": noisy(t), "tag": h.imageName("hub-noisy")})["task_id"].(string)
	topic := url.Values{"topic": {"tasks/" + id}}
	var first []event
	for _, transport := range transports {
		events := h.open(transport, topic).rest()
		if first == nil {
			first = events
		}
		if len(events) != len(first) {
			t.Fatalf("%s has %d events, %s %d", transport, len(events), transports[0], len(first))
		}
		for i := range events {
			if events[i].raw != first[i].raw {
				t.Fatalf("%s has %s, %s %s", transport, events[i].raw, transports[0], first[i].raw)
			}
		}
	}
	lines := linesOf(first)
	if strings.Count(lines, "\nline ") != 200 || !strings.HasPrefix(lines, "Step 1/2 : FROM ") {
		t.Errorf("the lines are %s", lines)
	}
	if _, text := h.get("/stream/tasks/" + id); !strings.Contains(text, "\n"+lines+"--- end: completed, ") {
		t.Errorf("the text is %s", text)
	}
}

func TestABuildIsTheLiveStreamToWhomNamesItsType(t *testing.T) {
	h := startDockerHub(t)
	tag := h.imageName("hub-live")
	for route, body := range map[string]map[string]any{
		"/docker/build":        {"path": folder(t, map[string]string{"Dockerfile": noisy(t)}), "tag": tag, "no_cache": true},
		"/docker/build-stream": {"context_path": t.TempDir(), "dockerfile_content": noisy(t), "tag": tag, "no_cache": true},
	} {
		for _, accept := range []string{"text/event-stream", "application/x-ndjson"} {
			events, _, answer := h.live(route, accept, body)
			id := answer.Header.Get("X-Task-Id")
			var end struct {
				Data struct {
					Status string
					Result map[string]any
				}
			}
			last := events[len(events)-1]
			if err := json.Unmarshal([]byte(last.raw), &end); err != nil {
				t.Fatal(err)
			}
			if last.Type != "end" || end.Data.Status != "completed" || !imageID.MatchString(end.Data.Result["image_id"].(string)) || end.Data.Result["tag"] != tag || len(end.Data.Result["steps"].([]any)) != 2 {
				t.Errorf("%s %s ends with %s", route, accept, last.raw)
			}
			if first := events[0]; first.Type != "status" || first.Topic != "tasks/"+id || !strings.Contains(first.raw, `"task":"docker_build","status":"running","tag":"`+tag+`"`) {
				t.Errorf("%s %s begins with %s", route, accept, first.raw)
			}
			if lines := linesOf(events); strings.Count(lines, "\nline ") != 200 {
				t.Errorf("%s %s has %s", route, accept, lines)
			}
		}
		_, text, _ := h.live(route, "text/plain", body)
		if strings.Count(text, "\nline ") != 200 || !strings.Contains(text, "\n--- end: completed, image_id=\"sha256:") || strings.Contains(text, "progress") {
			t.Errorf("%s: %s", route, text)
		}
	}
}

// The step waits until its first line has been seen.
func TestALineOfABuildIsThereWhileItsStepRuns(t *testing.T) {
	h := startDockerHub(t)
	file := "FROM " + dockertest.Image(t) + "\nRUN echo before; sleep 600\n"
	id := h.must("/docker/build/start", map[string]any{"dockerfile_content": file})["task_id"].(string)
	var feeds []*feed
	for _, transport := range transports {
		feeds = append(feeds, h.open(transport, url.Values{"topic": {"tasks/" + id}, "types": {"line,end"}}))
	}
	for i, f := range feeds {
		for e := f.want("its line"); e.Data.Line != "before"; e = f.want("its line") {
			if e.Type == "end" {
				t.Fatalf("%s: %s", transports[i], e.raw)
			}
		}
	}
	h.must("/tasks/"+id+"/cancel", "{}")
}

func TestALiveBuildThatFailsEndsWithTheEnginesWords(t *testing.T) {
	h := startDockerHub(t)
	body := map[string]any{"context_path": t.TempDir(), "dockerfile_content": "FROM " + dockertest.Image(t) + "\nRUN echo nearly; exit 3\n"}
	events, _, _ := h.live("/docker/build-stream", "text/event-stream", body)
	if last := events[len(events)-1]; last.Type != "end" || last.Data.Status != "error" || !strings.Contains(last.raw, "returned a non-zero code: 3") || !strings.Contains(linesOf(events), "\nnearly\n") {
		t.Errorf("%s", last.raw)
	}
	_, text, _ := h.live("/docker/build-stream", "text/plain", body)
	if !strings.Contains(text, "\nnearly\n") || !strings.Contains(text, "\n--- end: error: ") {
		t.Error(text)
	}
}

func TestAnOutputTooLongForAnAnswerSaysHowMuchIsLeftOut(t *testing.T) {
	h := startDockerHub(t)
	const lines = 10_000
	file := fmt.Sprintf("FROM %s\nRUN yes %s | head -n %d\n", dockertest.Image(t), strings.Repeat("0123456789abcdef", 64), lines)
	a := h.must("/docker/build", map[string]any{"path": folder(t, map[string]string{"Dockerfile": file}), "tag": h.imageName("hub-long")})
	first, rest, _ := strings.Cut(a["logs"].(string), "\n")
	var missing int
	if _, err := fmt.Sscanf(first, "--- %d earlier lines are left out", &missing); err != nil || a["logs_truncated"] != true {
		t.Errorf("%v, %.200s", a["logs_truncated"], first)
	}
	if len(rest) > mostOutput || len(rest) < mostOutput-2000 || !strings.Contains(rest[len(rest)-200:], "Successfully built ") {
		t.Errorf("%d bytes, %s", len(rest), rest[len(rest)-200:])
	}
	if all := missing + strings.Count(rest, "\n"); all < lines || all > lines+20 {
		t.Errorf("%d are left out and %d are there", missing, strings.Count(rest, "\n"))
	}
}

func TestAKeptInlineDockerfileStaysAndNoOtherIsTouched(t *testing.T) {
	h := startDockerHub(t)
	context := folder(t, map[string]string{"Dockerfile": "FROM nothing-of-this-name\n"})
	base := "FROM " + dockertest.Image(t) + "\n"
	for name, want := range map[string]string{"Dockerfile": "FROM nothing-of-this-name\n", "New.Dockerfile": base} {
		h.must("/docker/build-stream", map[string]any{"context_path": context, "dockerfile_content": base, "dockerfile_name": name, "cleanup": false})
		if text, err := os.ReadFile(filepath.Join(context, name)); err != nil || string(text) != want {
			t.Errorf("%s is %q, %v", name, text, err)
		}
	}
}
