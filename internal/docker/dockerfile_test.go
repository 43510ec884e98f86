package docker

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheStepsAreTheInstructionsWithTheirLines(t *testing.T) {
	got := steps([]byte("# syntax\nARG V=1\nfrom busybox:$V AS one\n\nRUN echo a \\\n    # why\n    && echo b\nCOPY\t--from=one a  b\nCMD [\"sh\", \"-c\", \"x\"]\r\nONBUILD RUN y\n"))
	want := []Step{
		{2, "ARG", "ARG V=1", "V=1"},
		{3, "FROM", "from busybox:$V AS one", "busybox:$V AS one"},
		{5, "RUN", "RUN echo a     && echo b", "echo a     && echo b"},
		{8, "COPY", "COPY\t--from=one a  b", "--from=one a  b"},
		{9, "CMD", `CMD ["sh", "-c", "x"]`, `["sh", "-c", "x"]`},
		{10, "ONBUILD", "ONBUILD RUN y", "RUN y"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestADockerfileThatCannotBeUnderstoodHasNoSteps(t *testing.T) {
	for _, text := range []string{"", "# only a comment", "RUN <<EOF\nnever ends"} {
		if got := steps([]byte(text)); got == nil || len(got) != 0 {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func FuzzSteps(f *testing.F) {
	f.Add([]byte("FROM a\nRUN <<E\nx\nE\n"))
	f.Add([]byte("# escape=`\nFROM a\nCMD [\"\n"))
	f.Fuzz(func(t *testing.T, text []byte) { steps(text) })
}

func TestTheDockerfileIsFoundInTheContextAndNowhereElse(t *testing.T) {
	top := files(t, map[string]string{"dockerfile": "FROM lower", "ci/Dockerfile": "FROM ci", "folder/": ""})
	outside := files(t, map[string]string{"Dockerfile": "FROM outside"})
	for link, to := range map[string]string{"out": filepath.Join(outside, "Dockerfile"), "in": "ci/Dockerfile", "up": "../../etc/passwd", "away": outside} {
		if err := os.Symlink(to, filepath.Join(top, link)); err != nil {
			t.Fatal(err)
		}
	}
	folder, _ := os.OpenRoot(top)
	defer folder.Close()
	for asked, want := range map[string]string{"": "dockerfile", "ci/Dockerfile": "ci/Dockerfile", "./ci/../ci/Dockerfile": "ci/Dockerfile", "in": "in"} {
		if name, text, err := findDockerfile(folder, asked); name != want || len(text) == 0 || err != nil {
			t.Errorf("%q: %q %q, %v", asked, name, text, err)
		}
	}
	for asked, kind := range map[string]error{"Dockerfile": ErrBadInput, "ci": ErrBadInput, "folder": ErrBadInput, "none": ErrBadInput,
		"out": ErrInvalid, "up": ErrInvalid, "away/Dockerfile": ErrInvalid} {
		if name, _, err := findDockerfile(folder, asked); !errors.Is(err, kind) {
			t.Errorf("%q: %q, %v", asked, name, err)
		}
	}
}
