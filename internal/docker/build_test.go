package docker

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hub/internal/docker/dockertest"
)

// builder is the engine of all tests, with the base image.
func builder(t *testing.T) *Engine {
	t.Helper()
	dockertest.Image(t)
	return engineOn(t, dockertest.Engine(t))
}

// made builds, and removes the image when the test is over.
func made(t *testing.T, e *Engine, s BuildSpec, to Publisher) Built {
	t.Helper()
	b, err := e.Build(t.Context(), s, to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { forget(t, dockertest.Engine(t), b.ImageID) })
	return b
}

// printed are the lines of a stream.
func printed(t *testing.T, h *heard, stream string) (texts []string) {
	t.Helper()
	for _, data := range h.of("line") {
		var line struct {
			Stream, Line string
			Part         int
		}
		if err := json.Unmarshal([]byte(data), &line); err != nil {
			t.Errorf("not a line event: %s", data)
		}
		switch {
		case line.Stream != stream:
		case line.Part > 1: // of a line that was unfinished for a while
			texts[len(texts)-1] += line.Line
		default:
			texts = append(texts, line.Line)
		}
	}
	return texts
}

func TestABuildPrintsItsStepsAndMakesTheImage(t *testing.T) {
	e := builder(t)
	tag := dockertest.Name("built") + ":1.2"
	top := files(t, map[string]string{"Dockerfile": "FROM " + dockertest.Base + "\nARG WHO\nCOPY a b /in/\nRUN echo hello $WHO; echo oh no >&2\nLABEL x=y\n",
		"a": "A", "b": "B", "c": "C", ".dockerignore": "b\n!b"})
	var h heard
	b := made(t, e, BuildSpec{Folder: top, Tag: tag, Args: map[string]string{"WHO": "world", "UNUSED": "u"}, Labels: map[string]string{"from": "test"}, NoCache: true}, &h)
	out := printed(t, &h, "stdout")
	for _, want := range []string{"Step 1/6 : FROM " + dockertest.Base, "Step 4/6 : RUN echo hello $WHO; echo oh no >&2", "hello world", "Successfully tagged " + tag} {
		if !slices.Contains(out, want) {
			t.Errorf("%q was not printed: %q", want, out)
		}
	}
	if slices.Contains(out, "") {
		t.Errorf("empty lines: %q", out)
	}
	if said := printed(t, &h, "stderr"); !slices.Contains(said, "oh no") {
		t.Errorf("stderr is %q", said)
	}
	if b.Tag != tag || b.DockerfileUsed != "Dockerfile" || b.Inline || b.Commit != "" || len(b.Steps) != 5 || b.StepsCompleted != 5 {
		t.Errorf("%+v", b)
	}
	if len(b.Warnings) != 1 || !strings.Contains(b.Warnings[0], "UNUSED") {
		t.Errorf("warnings %q", b.Warnings)
	}
	api := dockertest.Client(t, dockertest.Engine(t))
	image, err := api.ImageInspect(t.Context(), tag)
	if err != nil || image.ID != b.ImageID || image.Config.Labels["from"] != "test" || image.Config.Labels["x"] != "y" {
		t.Errorf("%+v, %v", image, err)
	}
	if last := h.last(t); last.Percent != 100 || last.Total != last.Current {
		t.Errorf("%+v", last)
	}
}

func TestATargetEndsTheBuildThere(t *testing.T) {
	e := builder(t)
	b := made(t, e, BuildSpec{Inline: "FROM " + dockertest.Base + " AS one\nRUN echo 1 > /1\nFROM " + dockertest.Base + "\nRUN exit 9", Target: "one"}, nil)
	if b.StepsCompleted != 2 || len(b.Steps) != 4 || !b.Inline || b.DockerfileUsed != "Dockerfile" || b.Tag != "" {
		t.Errorf("%+v", b)
	}
}

func TestAStepThatFailsIsTheEnginesWordsAndLeavesNothing(t *testing.T) {
	e := builder(t)
	var h heard
	mark := dockertest.Name("mark")
	b, err := e.Build(t.Context(), BuildSpec{Inline: "FROM " + dockertest.Base + "\nRUN true\nRUN echo " + mark + "; exit 7\nRUN true\n"}, &h)
	if !errors.Is(err, ErrBuild) || !strings.HasPrefix(err.Error(), "The command '/bin/sh -c echo "+mark) || !strings.HasSuffix(err.Error(), "returned a non-zero code: 7") {
		t.Error(err)
	}
	if b.ImageID != "" || b.StepsCompleted != 2 || len(b.Steps) != 4 {
		t.Errorf("%+v", b)
	}
	if said := printed(t, &h, "stderr"); len(said) == 0 || said[len(said)-1] != err.Error() {
		t.Errorf("stderr is %q", said)
	}
	if left := containersOf(t, dockertest.Engine(t), mark); len(left) != 0 {
		t.Errorf("containers are left: %v", left)
	}
	for _, p := range h.progress(t) {
		if p.Percent == 100 {
			t.Error("a failed build is whole")
		}
	}
}

func TestADockerfileOrTargetThatTheEngineRefusesIsAFailedBuild(t *testing.T) {
	e := builder(t)
	for want, s := range map[string]BuildSpec{
		"dockerfile parse error line 2: unknown instruction: FOO":  {Inline: "FROM scratch\nFOO bar"},
		"failed to reach build target none in Dockerfile":          {Inline: "FROM scratch\nLABEL a=b", Target: "none"},
		"o build stage in current context":                         {Inline: "RUN x"},
		"COPY failed: file not found in build context":             {Inline: "FROM scratch\nCOPY none /"},
		"\"s390q\": unknown operating system or architecture: inv": {Inline: "FROM scratch\nLABEL a=b", Platform: "s390q"},
	} {
		if _, err := e.Build(t.Context(), s, nil); !errors.Is(err, ErrBuild) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestABaseImageThatIsNowhereIsAFailedBuild(t *testing.T) {
	e := builder(t)
	_, err := e.Build(t.Context(), BuildSpec{Inline: "FROM 127.0.0.1:1/none"}, nil)
	if !errors.Is(err, ErrBuild) || strings.Contains(err.Error(), "\n") {
		t.Error(err)
	}
}

func TestAnInlineDockerfileUnderAnotherNameIsUsedAndLeavesTheFolderAlone(t *testing.T) {
	e := builder(t)
	top := files(t, map[string]string{"Dockerfile": "FROM nowhere.invalid/none", "a": "1"})
	s := BuildSpec{Folder: top, Inline: "FROM " + dockertest.Base + "\nCOPY a /a\n", InlineName: "Dockerfile.mine"}
	b := made(t, e, s, nil)
	if b.DockerfileUsed != "Dockerfile.mine" || !b.Inline || b.StepsCompleted != 2 {
		t.Errorf("%+v", b)
	}
	if _, err := os.Lstat(filepath.Join(top, "Dockerfile.mine")); !os.IsNotExist(err) {
		t.Errorf("the folder has the Dockerfile: %v", err)
	}
	s.KeepInline = true
	made(t, e, s, nil)
	if text, err := os.ReadFile(filepath.Join(top, "Dockerfile.mine")); string(text) != s.Inline || err != nil {
		t.Errorf("%q, %v", text, err)
	}
	s.InlineName, s.Inline = "Dockerfile", "FROM "+dockertest.Base+"\nRUN false"
	if _, err := e.Build(t.Context(), s, nil); !errors.Is(err, ErrBuild) {
		t.Error(err)
	}
	if text, err := os.ReadFile(filepath.Join(top, "Dockerfile")); string(text) != "FROM nowhere.invalid/none" || err != nil {
		t.Errorf("a file that was there says now %q, %v", text, err)
	}
}

func TestWhatIsIgnoredIsNotInTheImage(t *testing.T) {
	e := builder(t)
	top := files(t, map[string]string{"ci/Dockerfile": "FROM " + dockertest.Base + "\nCOPY . /all\nRUN cd /all && find . -type f -o -type l | sort\n",
		".dockerignore": "**/*.key\nci\n.dockerignore", "my.key": "secret", "sub/my.key": "secret", "sub/kept": "", "run": "#!"})
	if err := os.Symlink("/etc/passwd", filepath.Join(top, "link")); err != nil {
		t.Fatal(err)
	}
	var h heard
	made(t, e, BuildSpec{Folder: top, Dockerfile: "ci/Dockerfile", NoCache: true}, &h)
	var found []string
	for _, line := range printed(t, &h, "stdout") {
		if strings.HasPrefix(line, "./") {
			found = append(found, line)
		}
	}
	if want := []string{"./link", "./run", "./sub/kept"}; !slices.Equal(found, want) {
		t.Errorf("the image has %q", found)
	}
}

func TestAMaskedArgumentIsNeitherSaidNorSent(t *testing.T) {
	e := builder(t)
	const hush = "hush-hush-4711"
	var h heard
	s := BuildSpec{Inline: "FROM " + dockertest.Base + "\nARG API_TOKEN\nRUN test -n \"$API_TOKEN\"\nRUN exit 3", Args: map[string]string{"API_TOKEN": hush}, NoCache: true}
	b, err := e.Build(t.Context(), s, &h)
	if !errors.Is(err, ErrBuild) || b.StepsCompleted != 3 {
		t.Fatal(err)
	}
	told, _ := json.Marshal(b)
	if strings.Contains(h.all()+err.Error()+string(told), hush) {
		t.Error("the argument was told")
	}
	s.Folder = files(t, map[string]string{"a": "1"})
	p, err := unpack(t, s.Folder, s)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range p.content {
		if strings.Contains(name+text, hush) {
			t.Errorf("%s was sent with the argument", name)
		}
	}
	away := engineOn(t, "tcp://127.0.0.1:1")
	if _, err := away.Build(t.Context(), s, &h); !errors.Is(err, ErrUnavailable) || strings.Contains(err.Error()+h.all(), hush) {
		t.Error(err)
	}
}
